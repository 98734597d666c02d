import {
  BedsideError,
  type DraftSource,
  type ErrorData,
  newId,
  partsOfBlob,
  type SourcePart,
  type SourceText,
  sentence,
  toErrorData,
} from '../../../client/index.ts';

/** A text of the reader's own beside the question being written. */
export type SourceAttachment = { key: string; name: string } & (
  | { status: 'reading'; file: Blob }
  /** `parts`: all that it has, whichever are chosen. */
  | { status: 'ready'; source: DraftSource; parts: readonly SourcePart[] }
  | { status: 'failed'; error: ErrorData }
);

export type ReadySource = Extract<SourceAttachment, { status: 'ready' }>;

export const isReadySource = (attachment: SourceAttachment): attachment is ReadySource =>
  attachment.status === 'ready';

/** As the question that is sent has it: the parts that were chosen. */
export function sourceTextOf({ source, parts }: Pick<ReadySource, 'source' | 'parts'>): SourceText {
  const { id, name, kind, partCount, chosen } = source;
  const given = chosen ? parts.filter(({ number }) => chosen.includes(number)) : [...parts];
  return { id, name, kind, partCount, parts: given };
}

/** With all of its parts. */
export function wholeSource({ source, parts }: Pick<ReadySource, 'source' | 'parts'>): SourceText {
  const { chosen: _, ...all } = source;
  return sourceTextOf({ source: all, parts });
}

/** Those that can be sent, of what waits. */
export const sourceTextsOf = (attachments: readonly SourceAttachment[]): SourceText[] =>
  attachments.filter(isReadySource).map(sourceTextOf);

/** What was kept of a text beside a draft. */
export async function keptSource(source: DraftSource, blob: Blob | undefined): Promise<SourceAttachment> {
  const { id: key, name } = source;
  const parts = blob && (await partsOfBlob(blob));
  if (parts) return { key, name, status: 'ready', source, parts };
  const error = new BedsideError(
    'unreadable-text',
    sentence`text-of-draft-not-kept: This text is no longer kept on this device.`,
    'Remove it, and attach it again from where it came from.',
  );
  return { key: newId(), name, status: 'failed', error: toErrorData(error) };
}
