import { hasPages, type SourceText } from '../../client/index.ts';

/**
 * A question with the texts that it is asked about in front, as a model is given both. The words are fixed: decision 050. What a text
 * holds is text, whatever it looks like: no token of the template is ever made of it.
 */
export function withSources(question: string, sources: readonly SourceText[] | undefined): string {
  if (!sources || sources.length === 0) return question;
  const texts = sources.map((source, at) => {
    const label = sources.length > 1 ? `Text ${at + 1}` : 'Text';
    return `${label}: ${inOneLine(source.name)}\n-----\n${sourceBody(source)}\n-----`;
  });
  const [these, they] = sources.length > 1 ? ['these texts', 'they do'] : ['this text', 'it does'];
  return `${texts.join('\n\n')}\n\nAnswer from ${these}. Where ${they} not tell, say so.\n\nQuestion: ${question}`;
}

/** Pages by their numbers; passages are cut for the reader's choice alone, and stand together where they follow each other. */
export function sourceBody(source: SourceText): string {
  if (hasPages(source)) {
    return source.parts.map(({ number, text }) => `[Page ${number}]\n${text.trim()}`).join('\n\n');
  }
  let body = '';
  let last = 0;
  for (const { number, text } of source.parts) {
    if (number !== last + 1) body += `${body === '' ? '' : '\n'}[…]\n`;
    body += text;
    last = number;
  }
  return body.trim();
}

const inOneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
