/** Bedside's own file: docs/conversation-files.md describes it. */
import { researchNotice } from '../format/research-notice.ts';
import { toBase64 } from './base64.ts';
import { modelsOf } from './describe-conversation.ts';
import { listViews } from './list-views.ts';
import type { OpenedConversation } from './open-records.ts';

export const fileFormat = 'bedside-conversations';
export const fileVersion = 1;

/** One file of one or more conversations, as the pieces of a Blob. `now` in milliseconds since 1970. */
export function writeJson(written: readonly WrittenConversation[], now: number): BlobPart[] {
  const head = {
    format: fileFormat,
    version: fileVersion,
    written: new Date(now).toISOString(),
    notice: researchNotice,
  };
  const parts: BlobPart[] = [`${JSON.stringify(head).slice(0, -1)},"conversations":[\n`];
  for (const [index, { blob }] of written.entries()) parts.push(index > 0 ? ',\n' : '', blob);
  return [...parts, '\n]}\n'];
}

/** One conversation of a file. As a Blob it does not stay in memory while others are read. */
export interface WrittenConversation {
  blob: Blob;
}

export async function writeConversation(opened: OpenedConversation): Promise<WrittenConversation> {
  const { tree, index, records, images, answerRecords } = opened;
  const summary = {
    title: tree.conversation.title,
    models: modelsOf(tree.messages),
    messages: tree.messages.length,
    images: images.size,
    views: listViews(opened),
  };
  const messages = tree.messages.map(({ id }) => records.get(id));
  const begun = JSON.stringify({
    summary,
    index,
    messages,
    answerRecords: [...answerRecords.values()],
  }).slice(0, -1);
  const parts: BlobPart[] = [`${begun},"images":[`];
  for (const { image, record } of images.values()) {
    const data = toBase64(new Uint8Array(await image.blob.arrayBuffer()));
    const { bytes: _, data: __, ...facts } = record;
    if (parts.length > 1) parts.push(',');
    parts.push(JSON.stringify({ ...facts, bytes: image.blob.size, data }));
  }
  return { blob: new Blob([...parts, ']}']) };
}
