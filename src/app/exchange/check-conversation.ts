import {
  type ConversationRecords,
  type ConversationTree,
  FileHash,
  isRawObject,
  type RawObject,
  readAnswerRecord,
  readConversation,
  readImage,
  readMessage,
  readTree,
  sentence,
} from '../../client/index.ts';
import { charactersOf } from '../state/drafts/attachment.ts';
import { fromBase64 } from './base64.ts';
import { notImportable } from './import-error.ts';
import { longestText, longestTitle, mostImages } from './limits.ts';

/** As addresses and keys of records are made of it. */
export const isRecordId = (value: unknown): value is string =>
  typeof value === 'string' && /^[\w-]{1,64}$/.test(value);

/**
 * One conversation of Bedside's own file, field by field. What no reader of this version knows stays in the records. `place` is its
 * number in the file. Rejects with 'not-importable'.
 */
export async function checkConversation(value: unknown, place: number): Promise<ConversationRecords> {
  if (!isRawObject(value) || !isRawObject(value.index) || !isRecordId(value.index.id)) {
    throw notImportable(
      sentence`imported-index-unreadable: Conversation ${{ place }} of this file is not one.`,
    );
  }
  const { index, messages: list, images: pictures = [], answerRecords: made = [] } = value;
  const id = index.id as string;
  const read = readConversation(index, id);
  if (read.condition === 'damaged' || read.title.length > longestTitle) {
    throw notImportable(
      sentence`imported-index-damaged: What conversation ${{ place }} of this file says of itself cannot be read.`,
    );
  }
  if (
    !Array.isArray(list) ||
    !Array.isArray(made) ||
    !Array.isArray(pictures) ||
    pictures.length > mostImages
  ) {
    throw notImportable(
      sentence`imported-lists-unreadable: The messages or images of conversation ${{ place }} of this file cannot be read.`,
    );
  }
  const messages = list.map((message, at) => checkMessage(message, id, at + 1, place));
  checkTree(readTree(id, index, messages), messages.length, place);
  const answerRecords = checkAnswerRecords(made, id, new Set(messages.map(([key]) => key)), place);
  const images: [string, unknown][] = [];
  for (const [at, picture] of pictures.entries()) images.push(await checkImage(picture, id, at + 1, place));
  if (new Set(images.map(([key]) => key)).size < images.length) {
    throw notImportable(
      sentence`imported-image-twice: Conversation ${{ place }} of this file has an image twice.`,
    );
  }
  return { id, index, messages, images, answerRecords };
}

function checkMessage(
  value: unknown,
  conversationId: string,
  number: number,
  place: number,
): [id: string, record: unknown] {
  const isOne = isRawObject(value) && isRecordId(value.id) && value.conversationId === conversationId;
  const reading = isOne ? readMessage(value, conversationId, value.id as string) : undefined;
  const isRead =
    reading &&
    reading.message.condition !== 'damaged' &&
    reading.message.text.length <= longestText &&
    charactersOf(reading.message.sources ?? []) <= longestText &&
    // A later version may write more, but where a message stands and what it says is told by all.
    !Object.values(reading.lacks).includes(true) &&
    typeof (value as RawObject).text === 'string';
  if (!isRead) {
    throw notImportable(
      sentence`imported-message-unreadable: Message ${{ number }} of conversation ${{ place }} of this file cannot be read.`,
    );
  }
  return [reading.message.id, value];
}

/** Each of an answer that is there, and no two of one. One of a later version is kept as it is. */
function checkAnswerRecords(
  list: readonly unknown[],
  conversationId: string,
  messageIds: ReadonlySet<string>,
  place: number,
): [id: string, record: unknown][] {
  const entries = list.map((value): [string, unknown] => {
    const id = isRawObject(value) ? (value.id as string) : '';
    const isLater = isRawObject(value) && typeof value.v === 'number' && value.v > 1;
    const isOne =
      isRawObject(value) &&
      value.conversationId === conversationId &&
      messageIds.has(id) &&
      (isLater || readAnswerRecord(value, conversationId, id) !== undefined);
    if (isOne) return [id, value];
    throw notImportable(
      sentence`imported-record-unreadable: What conversation ${{ place }} of this file says of how an answer was made cannot be read.`,
    );
  });
  if (new Set(entries.map(([id]) => id)).size === entries.length) return entries;
  throw notImportable(
    sentence`imported-record-twice: Conversation ${{ place }} of this file says twice how an answer was made.`,
  );
}

/** Every message in its place: no parent is missing, nothing is there twice or below itself. */
function checkTree({ messages }: ConversationTree, count: number, place: number): void {
  const isTree = messages.length === count && messages.every(({ condition }) => condition !== 'damaged');
  const ids = new Set(messages.map(({ id }) => id));
  const isLinked = messages.every(({ parentId }) => parentId === null || ids.has(parentId));
  if (!isTree || !isLinked || ids.size !== count) {
    throw notImportable(
      sentence`imported-branches-broken: The messages of conversation ${{ place }} of this file do not follow each other.`,
    );
  }
}

async function checkImage(
  value: unknown,
  conversationId: string,
  number: number,
  place: number,
): Promise<[id: string, record: unknown]> {
  const broken = () =>
    notImportable(
      sentence`imported-image-unreadable: Image ${{ number }} of conversation ${{ place }} of this file cannot be read.`,
    );
  if (!isRawObject(value) || typeof value.data !== 'string' || !isImageType(value.mediaType)) throw broken();
  const { data, bytes: size, ...facts } = value;
  const bytes = fromBase64(data as string);
  if (!bytes || bytes.length === 0 || bytes.length !== size) throw broken();
  const hash = new FileHash();
  await hash.update(bytes);
  // Its name is what its bytes are: a model's answer about it, and what is kept of it, hold on to that.
  if (hash.digest() !== value.id || value.conversationId !== conversationId) throw broken();
  const record = { ...facts, blob: new Blob([bytes], { type: value.mediaType as string }) };
  const image = readImage(record, conversationId, value.id as string);
  const known =
    image &&
    Object.entries(image).every(([name, found]) => facts[name] === found || name === 'blob' || name === 'v');
  if (!known) throw broken();
  return [value.id as string, record];
}

/** What pages show as pictures alone: nothing that could run. */
function isImageType(value: unknown): boolean {
  if (typeof value !== 'string' || value.length > 100) return false;
  return /^(image\/(?!svg)[\w.+-]+|application\/dicom)(; ?[\w-]+=[\w-]+)*$/.test(value);
}
