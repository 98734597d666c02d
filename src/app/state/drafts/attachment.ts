import { countTokens, type ErrorData, type ImageReport, type ImageView } from '../../../client/index.ts';

/** An image beside the question being written. */
export type Attachment = { key: string; name: string; blob: Blob } & (
  | { status: 'reading' }
  /** `views`: what the loaded model would see of it; null where none that sees images is loaded. */
  | { status: 'ready'; report: ImageReport; views: readonly ImageView[] | null }
  | { status: 'failed'; error: ErrorData }
);

export type ReadyAttachment = Extract<Attachment, { status: 'ready' }>;

export const isReady = (attachment: Attachment): attachment is ReadyAttachment =>
  attachment.status === 'ready';

/** A text, or images alone. With an image that cannot be read, nothing is asked: it would seem to be part of it. */
export function canAsk(text: string, attachments: readonly Attachment[]): boolean {
  return attachments.every(isReady) && (hasWords(text) || attachments.length > 0);
}

/** Whether it holds more than blanks. A text may be long: it is looked at up to its first letter. */
export const hasWords = (text: string): boolean => /\S/.test(text);

/** What the loaded model would read of them; those of which that is not known yet count nothing. */
export function visualTokensOf(attachments: readonly Attachment[]): number {
  return attachments.filter(isReady).reduce((sum, { views }) => sum + countTokens(views ?? []), 0);
}
