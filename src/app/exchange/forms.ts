/** In which forms a conversation can be given out. */
import type { OpenedConversation } from './open-records.ts';
import { writeFhir } from './write-fhir.ts';
import { writeHtml } from './write-html.ts';
import { writeConversation, writeJson } from './write-json.ts';
import { writeMarkdown } from './write-markdown.ts';

export const exportForms = ['markdown', 'html', 'json', 'fhir'] as const;
export type ExportForm = (typeof exportForms)[number];

interface Form {
  extension: string;
  mediaType: string;
  write(opened: OpenedConversation, now: number): Promise<BlobPart[]>;
}

export const forms: Readonly<Record<ExportForm, Form>> = {
  markdown: {
    extension: 'md',
    mediaType: 'text/markdown',
    write: async opened => [await writeMarkdown(opened)],
  },
  html: { extension: 'html', mediaType: 'text/html', write: async opened => [await writeHtml(opened)] },
  json: {
    extension: 'json',
    mediaType: 'application/json',
    write: async (opened, now) => writeJson([await writeConversation(opened)], now),
  },
  fhir: {
    extension: 'fhir.json',
    mediaType: 'application/fhir+json',
    write: async (opened, now) => [await writeFhir(opened, now)],
  },
};

/** No place for a patient's question: the day alone. */
export function fileName(form: ExportForm, now: number, part = ''): string {
  const day = new Date(now).toISOString().slice(0, 10);
  return `bedside-${part || 'conversation'}-${day}.${forms[form].extension}`;
}
