import { type ConversationRecords, giveWay, isRawObject, sentence } from '../../client/index.ts';
import { checkConversation } from './check-conversation.ts';
import { notImportable } from './import-error.ts';
import { mostConversations, mostFileBytes, mostLevels, mostMessages } from './limits.ts';
import { readChatGpt } from './read-chatgpt.ts';
import { fileFormat, fileVersion } from './write-json.ts';

export interface ReadFile {
  conversations: ConversationRecords[];
  /** Messages that hold no text, which a conversation of Bedside cannot have. */
  leftOut: number;
}

export interface ReadProgress {
  done: number;
  total: number;
}

/**
 * What a file holds, all of it checked before any of it is used: Bedside's own, or a ChatGPT export. Rejects with 'not-importable'.
 * `now` in milliseconds since 1970, for what has no time of its own.
 */
export async function readFile(
  file: Blob,
  now: number,
  onProgress?: (progress: ReadProgress) => void,
): Promise<ReadFile> {
  if (file.size > mostFileBytes) {
    throw notImportable(
      sentence`imported-file-too-large: This file is too large to be read as conversations.`,
    );
  }
  const value = parse(await file.text());
  const isOwn = isRawObject(value) && value.format === fileFormat;
  if (isOwn && typeof value.version === 'number' && value.version > fileVersion) {
    throw notImportable(
      sentence`imported-file-of-later-version: This file was written by a later version of Bedside.`,
    );
  }
  const list = isOwn ? value.conversations : chatGptList(value);
  if (!Array.isArray(list) || (isOwn && value.version !== fileVersion)) {
    throw notImportable(
      sentence`imported-file-of-no-known-kind: This file holds no conversations that Bedside can read.`,
    );
  }
  if (list.length > mostConversations) throw tooMany();
  const conversations: ConversationRecords[] = [];
  let leftOut = 0;
  let messages = 0;
  for (const [index, each] of list.entries()) {
    const read = isOwn
      ? { records: await checkConversation(each, index + 1), leftOut: 0 }
      : readChatGpt(each, index + 1, now);
    messages += read.records.messages.length;
    if (messages > mostMessages) throw tooMany();
    leftOut += read.leftOut;
    if (read.records.messages.length > 0) conversations.push(read.records);
    onProgress?.({ done: index + 1, total: list.length });
    await giveWay();
  }
  if (new Set(conversations.map(({ id }) => id)).size < conversations.length) {
    throw notImportable(sentence`imported-conversation-twice: This file holds a conversation twice.`);
  }
  return { conversations, leftOut };
}

/** A whole export, or one conversation of it. */
function chatGptList(value: unknown): unknown {
  if (isRawObject(value) && isRawObject(value.mapping)) return [value];
  const isExport = Array.isArray(value) && value.every(each => isRawObject(each) && 'mapping' in each);
  return isExport ? value : undefined;
}

function parse(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    throw notImportable(
      sentence`imported-file-is-not-json: This file is not whole, or no JSON file.`,
      thrown,
    );
  }
  if (isDeeperThan(value, mostLevels)) {
    throw notImportable(
      sentence`imported-file-too-deep: This file holds lists within lists beyond all bounds.`,
    );
  }
  return value;
}

/** Not recursive: that is what depth would break. */
function isDeeperThan(value: unknown, most: number): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > most) return true;
    level = level.flatMap(each =>
      typeof each === 'object' && each !== null ? (Object.values(each) as unknown[]) : [],
    );
  }
  return false;
}

const tooMany = () =>
  notImportable(
    sentence`imported-file-of-too-many: This file holds more conversations or messages than can be read at once.`,
  );
