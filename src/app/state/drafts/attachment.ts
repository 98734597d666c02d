import {
  countTokens,
  type ErrorData,
  type ImagePresentation,
  type ImageReport,
  type ImageView,
  type MessageImage,
  mostSourceCharacters,
  presentationKey,
  type Region,
  type SourceText,
  type StoredImage,
} from '../../../client/index.ts';
import { isReadySource, type SourceAttachment, sourceTextsOf } from './draft-source.ts';

/** An image beside the question being written. */
export type Attachment = { key: string; name: string; blob: Blob } & (
  | { status: 'reading' }
  /** `views`: what the loaded model would see of it; null where none that sees images is loaded. */
  | {
      status: 'ready';
      report: ImageReport;
      views: readonly ImageView[] | null;
      /** How it is shown and will be asked about; absent: as the file shows itself. */
      presentation?: ImagePresentation;
      /** What is marked on it. */
      regions?: readonly Region[];
    }
  | { status: 'failed'; error: ErrorData }
);

export type ReadyAttachment = Extract<Attachment, { status: 'ready' }>;

export const isReady = (attachment: Attachment): attachment is ReadyAttachment =>
  attachment.status === 'ready';

/** Whether parts of it are only drawn black: the file still has what is under them. */
export const isRedactedInPlace = (attachment: Attachment): boolean =>
  isReady(attachment) && (attachment.presentation?.redactions.length ?? 0) > 0;

/** As a question that is sent would refer to it. */
export function questionImage({ name, report, presentation, regions }: ReadyAttachment): MessageImage {
  const { id, width, height } = report;
  return messageImageOf({ id, name, width, height, presentation, regions });
}

/** Without what is not said: a plain presentation, and no regions. */
export function messageImageOf({
  presentation,
  regions,
  ...image
}: Pick<MessageImage, 'id' | 'name' | 'width' | 'height'> & {
  presentation?: ImagePresentation | undefined;
  regions?: readonly Region[] | undefined;
}): MessageImage {
  const isPlain = !presentation || presentationKey(presentation) === '';
  return {
    ...image,
    ...(isPlain ? {} : { presentation }),
    ...(regions && regions.length > 0 ? { regions } : {}),
  };
}

/**
 * A text, or images or texts of the reader's own alone. With one that cannot be read, nothing is asked: it would seem to be part of it;
 * nor with more than a question can have.
 */
export function canAsk(
  text: string,
  attachments: readonly Attachment[],
  sources: readonly SourceAttachment[],
): boolean {
  const isWhole = attachments.every(isReady) && sources.every(isReadySource);
  const isAsked = hasWords(text) || attachments.length > 0 || sources.length > 0;
  return isWhole && isAsked && charactersOf(sourceTextsOf(sources)) <= mostSourceCharacters;
}

/** Of those parts that the model is given. */
export const charactersOf = (sources: readonly SourceText[]): number =>
  sources.flatMap(({ parts }) => parts).reduce((sum, { text }) => sum + text.length, 0);

/** Whether it holds more than blanks. A text may be long: it is looked at up to its first letter. */
export const hasWords = (text: string): boolean => /\S/.test(text);

/** What the loaded model would read of them; those of which that is not known yet count nothing. */
export function visualTokensOf(attachments: readonly Attachment[]): number {
  return attachments.filter(isReady).reduce((sum, { views }) => sum + countTokens(views ?? []), 0);
}

/** As it is kept with the conversation. */
export function storedImageOf({ name, blob, report }: ReadyAttachment, conversationId: string): StoredImage {
  const { id, width, height, isAnimated } = report;
  return {
    v: 1,
    id,
    conversationId,
    name,
    mediaType: blob.type || `image/${report.format}`,
    blob,
    width,
    height,
    isAnimated,
    createdAt: Date.now(),
  };
}
