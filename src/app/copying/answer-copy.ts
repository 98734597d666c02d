import { answerOf, type CopyForm, type Message } from '../../client/index.ts';
import { answersNote } from '../exchange/describe-conversation.ts';
import { escapeHtml, markdownAsHtml } from '../exchange/markdown-html.ts';
import { authorOf, originInWords } from '../format/author.ts';
import { formatMoment } from '../format/moment.ts';
import { researchNotice } from '../format/research-notice.ts';
import { termsNoticeOf } from '../format/terms-notice.ts';
import { plainTextOf } from './plain-text.ts';

export interface AnswerCopy {
  plain: string;
  /** Of a formatted copy alone. */
  html?: string;
}

export interface CopyWishes {
  form: CopyForm;
  /** With model, hash, date and notice. */
  hasProvenance: boolean;
  /** What a demonstration is must not get lost, whatever is wished. */
  isDemonstration: boolean;
}

type Copied = Pick<
  Message,
  'text' | 'role' | 'model' | 'modelKind' | 'identity' | 'computedOn' | 'edit' | 'createdAt'
>;

/** What of an answer goes to the clipboard: without what the model thought before it. */
export function answerCopy(answer: Copied, { form, hasProvenance, isDemonstration }: CopyWishes): AnswerCopy {
  const text = answerOf(answer.text);
  const lines = [
    ...(isDemonstration ? [demonstrationNote(answer)] : []),
    ...(hasProvenance ? provenanceOf(answer) : []),
  ];
  const below = lines.length > 0 ? `\n\n${lines.join('\n')}` : '';
  switch (form) {
    case 'markdown':
      return { plain: text + below };
    case 'text':
      return { plain: plainTextOf(text) + below };
    case 'rich': {
      const origin = lines.map(line => `<p><small>${escapeHtml(line)}</small></p>`).join('');
      return { plain: plainTextOf(text) + below, html: markdownAsHtml(text) + origin };
    }
  }
}

const demonstrationNote = (answer: Copied): string =>
  `[Written by ${authorOf(answer) ?? 'a model'}, a demonstration model: often wrong, not for clinical use.]`;

function provenanceOf(answer: Copied): string[] {
  const hashes = answer.identity?.sha256 ?? [];
  const notice = termsNoticeOf(answer);
  return [
    `${originInWords(answer)}, ${formatMoment(answer.createdAt)}, with Bedside.`,
    ...(hashes.length > 0 ? [`SHA-256 of the model: ${hashes.join(', ')}`] : []),
    ...(notice ? [notice] : []),
    `${researchNotice} ${answersNote}`,
  ];
}
