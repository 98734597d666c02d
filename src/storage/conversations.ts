/**
 * Conversations in IndexedDB: one index record each, and one record a message, so that an answer in progress
 * rewrites itself and not the whole conversation. Their images are in the same database and go with them.
 */
import { BedsideError } from '../engine/errors.ts';
import { sentence } from '../engine/sentence.ts';
import {
  type AnswerRecord,
  answerRecordKey,
  answerRecordPrefix,
  loadAnswerRecord,
} from './answer-records.ts';
import { type BinnedConversation, bin, binDays, deleteBinned, listBin, unbin } from './bin.ts';
import { type Conversation, type Message, readConversation, readMessage } from './conversation-records.ts';
import { type ConversationTree, mergeIndex } from './conversation-tree.ts';
import { type Database, openDatabase } from './database.ts';
import { isDraftKey } from './drafts.ts';
import { type Filing, withoutDefaults } from './filing.ts';
import { createFeatureStore, type FeatureStore } from './image-features.ts';
import { imageIdOf, imagePrefix, isImageKey, loadImage, type StoredImage, saveImages } from './images.ts';
import { isRawObject } from './raw-object.ts';
import { readTreeInPortions } from './read-tree.ts';

/** All that is stored of a conversation, as it lies there: what no reader of this version knows is among it. */
export interface ConversationRecords {
  readonly id: string;
  readonly index: unknown;
  readonly messages: readonly [id: string, record: unknown][];
  readonly images: readonly [id: string, record: unknown][];
  /** What answers were made of, by the id of the answer. */
  readonly answerRecords: readonly [id: string, record: unknown][];
}

export interface ConversationStore {
  /** Index records, most recently changed first. */
  listConversations(): Promise<Conversation[]>;
  loadConversation(id: string): Promise<ConversationTree | undefined>;
  /**
   * Writes messages together with the conversation's index record: all or nothing. What another tab has written there
   * meanwhile stays, and so does a title: it changes by `renameConversation` alone. Resolves with the index record as it is
   * stored.
   */
  saveMessage(conversation: Conversation, ...messages: Message[]): Promise<Conversation>;
  /** All images or none. An image that is there already is written again. */
  saveImages(...images: StoredImage[]): Promise<void>;
  loadImage(conversationId: string, id: string): Promise<StoredImage | undefined>;
  /** What an answer was made of. Nothing is written for a conversation that is not stored. */
  saveAnswerRecord(record: AnswerRecord): Promise<void>;
  /** Undefined where none was kept, or not all of it can be read. */
  loadAnswerRecord(conversationId: string, answerId: string): Promise<AnswerRecord | undefined>;
  /**
   * Into the bin: messages, images, and what answers were made of. What was computed of the images, and what waits to be sent there, is deleted. Returns what was
   * deleted; undefined when there was nothing.
   */
  deleteConversation(id: string, now?: number): Promise<ConversationTree | undefined>;
  /**
   * Out of the bin, exactly as it was; what waited to be sent is its page's to put back. Returns what is there now; undefined where
   * it is not in the bin any more.
   */
  restoreConversation(id: string): Promise<ConversationTree | undefined>;
  /** What lies in the bin, deleted last first. */
  listBin(): Promise<BinnedConversation[]>;
  /** Of the bin, these: nothing of them is left. */
  deleteForGood(ids: readonly string[]): Promise<void>;
  /** The same of all that has lain there for `binDays` days at `now`. */
  emptyBin(now: number): Promise<void>;
  /** How these are kept in the list, all or none. Resolves with their index records as they are stored; what is not stored stays so. */
  fileConversations(ids: readonly string[], change: (filing: Filing) => Filing): Promise<Conversation[]>;
  /** The title alone. Resolves with the index record as it is stored; a conversation that is not stored stays so. */
  renameConversation(id: string, title: string): Promise<Conversation | undefined>;
  /** What `addConversations` takes. Undefined when there is nothing. */
  readRecords(id: string): Promise<ConversationRecords | undefined>;
  /** All of them or none. Rejects with 'busy' where one of these ids is taken: nothing is written over. */
  addConversations(added: readonly ConversationRecords[]): Promise<void>;
  clearAll(): Promise<void>;
}

const indexPrefix = 'conversation/';
const indexKey = (id: string): string => `${indexPrefix}${id}`;
const messagePrefix = (conversationId: string): string => `message/${conversationId}/`;
const messageKey = (message: Message): string => `${messagePrefix(message.conversationId)}${message.id}`;
const dayMs = 24 * 60 * 60 * 1000;
/** Where a record lies that could not be read whole and was written over since. */
const originalKey = (key: string): string => `original/${key}`;

export function createConversationStore(
  database: Database = openDatabase('bedside-chats'),
  features: FeatureStore = createFeatureStore(),
): ConversationStore {
  async function loadConversation(id: string): Promise<ConversationTree | undefined> {
    const record = await database.get(indexKey(id));
    if (record === undefined) return undefined;
    const prefix = messagePrefix(id);
    const entries = await database.getEntriesByPrefix(prefix);
    return readTreeInPortions(
      id,
      record,
      entries.map(([key, value]) => [key.slice(prefix.length), value]),
    );
  }

  return {
    loadConversation,

    async saveMessage(next, ...messages) {
      const key = indexKey(next.id);
      const messageKeys = messages.map(messageKey);
      let conversation = next;
      await database.update([key, ...messageKeys], ([record, ...before]) => {
        const stored = record === undefined ? undefined : readConversation(record, next.id);
        if (stored?.condition === 'later-version') throw ofLaterVersion();
        conversation = withoutCondition(stored ? mergeIndex(stored, next) : next);
        const entries: [string, unknown][] = [[key, conversation]];
        if (stored?.condition) entries.push([originalKey(key), record]);
        for (const [index, message] of messages.entries()) {
          const old = before[index];
          const found = old === undefined ? undefined : readMessage(old, next.id, message.id).message;
          if (found?.condition) entries.push([originalKey(messageKeys[index]!), old]);
          entries.push([messageKeys[index]!, withoutCondition(message)]);
        }
        return entries;
      });
      return conversation;
    },

    saveImages: (...images) => saveImages(database, images),
    loadImage: (conversationId, id) => loadImage(database, conversationId, id),

    saveAnswerRecord: record =>
      database.update([indexKey(record.conversationId)], ([index]) =>
        index === undefined ? [] : [[answerRecordKey(record.conversationId, record.id), record]],
      ),
    loadAnswerRecord: (conversationId, id) => loadAnswerRecord(database, conversationId, id),

    async listConversations() {
      const entries = await database.getEntriesByPrefix(indexPrefix);
      const conversations = entries.map(([key, record]) =>
        readConversation(record, key.slice(indexPrefix.length)),
      );
      return conversations.sort((a, b) => b.updatedAt - a.updatedAt);
    },

    async deleteConversation(id, now = Date.now()) {
      const tree = await loadConversation(id);
      const stored = await database.keys();
      const prefixes = [messagePrefix(id), imagePrefix(id), answerRecordPrefix(id)];
      const starts = [...prefixes, ...prefixes.map(originalKey)];
      const whole = [indexKey(id), originalKey(indexKey(id))];
      const keys = stored.filter(key => whole.includes(key) || starts.some(start => key.startsWith(start)));
      const unsent = stored.filter(key => isDraftKey(key, id));
      // First: what was computed of an image must not outlast it.
      const isOthers = (key: string) => isImageKey(key) && !key.startsWith(imagePrefix(id));
      await features.keepOnly(new Set(stored.filter(isOthers).map(imageIdOf)));
      // What belongs to no conversation cannot be shown in the bin, nor put back.
      if (!tree) await database.deleteMany([...keys, ...unsent]);
      else await bin(database, { v: 1, id, title: tree.conversation.title, binnedAt: now }, keys, unsent);
      return tree;
    },

    async restoreConversation(id) {
      return (await unbin(database, id)) ? loadConversation(id) : undefined;
    },

    listBin: () => listBin(database),
    deleteForGood: ids => deleteBinned(database, ids),

    async emptyBin(now) {
      const old = (await listBin(database)).filter(({ binnedAt }) => now - binnedAt >= binDays * dayMs);
      if (old.length > 0)
        await deleteBinned(
          database,
          old.map(({ id }) => id),
        );
    },

    async fileConversations(ids, change) {
      let filed: Conversation[] = [];
      await database.update(ids.map(indexKey), found => {
        const entries = ids.flatMap((id, index): [string, unknown][] => {
          const record = found[index];
          // The rest stays as it lies there: a record of another version, or a damaged one, loses nothing.
          if (!isRawObject(record)) return [];
          const { filing: _, ...others } = record;
          const filing = withoutDefaults(change(readConversation(record, id).filing ?? {}));
          return [[indexKey(id), filing ? { ...others, filing } : others]];
        });
        filed = entries.map(([key, record]) => readConversation(record, key.slice(indexPrefix.length)));
        return entries;
      });
      return filed;
    },

    async renameConversation(id, title) {
      const key = indexKey(id);
      let renamed: Conversation | undefined;
      await database.update([key], ([record]) => {
        if (record === undefined) return [];
        const { condition, ...stored } = readConversation(record, id);
        if (condition === 'later-version') throw ofLaterVersion();
        renamed = { ...stored, title };
        const original: [string, unknown][] = condition ? [[originalKey(key), record]] : [];
        return [[key, renamed], ...original];
      });
      return renamed;
    },

    async readRecords(id) {
      const index = await database.get(indexKey(id));
      if (index === undefined) return undefined;
      const read = async (prefix: string) => {
        const entries = await database.getEntriesByPrefix(prefix);
        return entries.map(([key, record]): [string, unknown] => [key.slice(prefix.length), record]);
      };
      return {
        id,
        index,
        messages: await read(messagePrefix(id)),
        images: await read(imagePrefix(id)),
        answerRecords: await read(answerRecordPrefix(id)),
      };
    },

    addConversations: added =>
      database.update(
        added.map(({ id }) => indexKey(id)),
        stored => {
          if (stored.some(record => record !== undefined)) throw isTaken();
          return added.flatMap(({ id, index, messages, images, answerRecords }): [string, unknown][] => [
            [indexKey(id), index],
            ...messages.map(([key, record]): [string, unknown] => [`${messagePrefix(id)}${key}`, record]),
            ...images.map(([key, record]): [string, unknown] => [`${imagePrefix(id)}${key}`, record]),
            ...answerRecords.map(([key, record]): [string, unknown] => [answerRecordKey(id, key), record]),
          ]);
        },
      ),

    async clearAll() {
      await features.clear();
      await database.clear();
    },
  };
}

/** What was found out in reading is no part of what is stored. */
function withoutCondition<T extends { condition?: unknown }>({ condition: _, ...record }: T): T {
  return record as T;
}

function isTaken(): BedsideError {
  return new BedsideError(
    'busy',
    sentence`conversation-is-there-already: One of these conversations is on this device already.`,
    'Nothing was added. Try again.',
  );
}

function ofLaterVersion(): BedsideError {
  return new BedsideError(
    'invalid-request',
    sentence`conversation-of-later-version: This conversation was stored by a later version of Bedside: it can be read here, and is not changed.`,
    'Reload the page to get that version.',
  );
}
