import { formatBytes } from '../../engine/quantities.ts';
import { kindOfTemplate } from '../../engine/templates/template-kind.ts';
import type { TemplateSummary } from '../../engine/types/template-summary.ts';
import { type SummarisedText, summariseText } from './summarised-value.ts';

export interface ChatTemplateSummary extends SummarisedText {
  /** By its markup, as far as it is known. */
  looksLike: string | null;
  /** What trial renderings show; null where the file's vocabulary cannot be used. */
  inspected: TemplateSummary | null;
}

/** Of `tokenizer.chat_template`. */
export function summariseChatTemplate(
  source: string | undefined,
  inspected: TemplateSummary | undefined,
): ChatTemplateSummary | null {
  if (source === undefined) return null;
  return { looksLike: kindOfTemplate(source), ...summariseText(source), inspected: inspected ?? null };
}

/** The template, what is wrong with it, and what becomes of system messages. */
export function chatTemplateFacts(
  summary: ChatTemplateSummary | null,
  askedWith: string | null,
): [string, string | null][] {
  const asked = askedWith === null ? '' : `; asked with "${askedWith}" unless --template says otherwise`;
  if (!summary) return [['chat template', `none in the file${asked}`]];
  const { looksLike, bytes, inspected } = summary;
  const kind = looksLike === null ? 'of an unknown kind' : `looks like ${looksLike}`;
  const fault = inspected?.fault;
  return [
    ['chat template', `in the file, ${kind}, ${formatBytes(bytes)}${asked}`],
    ['its fault', fault ? `${fault.message} ${fault.advice}` : null],
    ['system message', inspected && !fault ? systemInWords(inspected) : null],
  ];
}

function systemInWords({ system, defaultSystem }: TemplateSummary): string {
  const place = {
    own: 'in a place of its own',
    folded: 'in the first question',
    none: 'not taken: it is put before the first question',
  }[system];
  return defaultSystem === undefined
    ? `${place}; none unless given`
    : `${place}; unless given: "${defaultSystem}"`;
}
