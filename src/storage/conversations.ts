/**
 * Conversations in IndexedDB: one index record each, and one record a message, so that an answer in progress
 * rewrites itself and not the whole conversation. Their images are in the same database and go with them.
 */
import {
  type Conversation,
  type Message,
  migrateConversation,
  migrateMessage,
} from './conversation-records.ts';
import { type ConversationTree, mergeIndex } from './conversation-tree.ts';
import { type Database, openDatabase } from './database.ts';
import { imageEntries, imagePrefix, loadImage, loadImages, type StoredImage, saveImages } from './images.ts';

export interface DeletedConversation extends ConversationTree {
  readonly images: readonly StoredImage[];
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
  /** Messages and images. Returns what was deleted, for `restoreConversation`; undefined when there was nothing. */
  deleteConversation(id: string): Promise<DeletedConversation | undefined>;
  /** Puts back what was deleted, exactly as it was. */
  restoreConversation(deleted: DeletedConversation): Promise<void>;
  /** The title alone. Resolves with the index record as it is stored; a conversation that is not stored stays so. */
  renameConversation(id: string, title: string): Promise<Conversation | undefined>;
  clearAll(): Promise<void>;
}

const indexPrefix = 'conversation/';
const indexKey = (id: string): string => `${indexPrefix}${id}`;
const messagePrefix = (conversationId: string): string => `message/${conversationId}/`;
const messageKey = (message: Message): string => `${messagePrefix(message.conversationId)}${message.id}`;

function treeEntries({ conversation, messages }: ConversationTree): [key: string, value: unknown][] {
  return [
    [indexKey(conversation.id), conversation],
    ...messages.map((message): [string, unknown] => [messageKey(message), message]),
  ];
}

export function createConversationStore(
  database: Database = openDatabase('bedside-chats'),
): ConversationStore {
  async function loadConversation(id: string): Promise<ConversationTree | undefined> {
    const conversation = migrateConversation(await database.get(indexKey(id)));
    if (!conversation) return undefined;
    const records = await database.getByPrefix(messagePrefix(id));
    const messages = records.map(migrateMessage).filter(message => message !== undefined);
    return { conversation, messages: messages.sort((a, b) => a.createdAt - b.createdAt) };
  }

  return {
    loadConversation,
    async saveMessage(next, ...messages) {
      let conversation = next;
      await database.update([indexKey(next.id)], ([record]) => {
        const stored = migrateConversation(record);
        conversation = stored ? mergeIndex(stored, next) : next;
        return treeEntries({ conversation, messages });
      });
      return conversation;
    },

    saveImages: (...images) => saveImages(database, images),
    loadImage: (conversationId, id) => loadImage(database, conversationId, id),

    async listConversations() {
      const records = (await database.getByPrefix(indexPrefix)).map(migrateConversation);
      return records.filter(record => record !== undefined).sort((a, b) => b.updatedAt - a.updatedAt);
    },

    async deleteConversation(id) {
      const tree = await loadConversation(id);
      const images = await loadImages(database, id);
      // By key, so that records which this version cannot read are deleted too.
      const prefixes = [messagePrefix(id), imagePrefix(id)];
      const unwanted = (await database.keys()).filter(
        key => key === indexKey(id) || prefixes.some(prefix => key.startsWith(prefix)),
      );
      await database.deleteMany(unwanted);
      return tree && { ...tree, images };
    },

    restoreConversation: deleted =>
      database.setMany([...treeEntries(deleted), ...imageEntries(deleted.images)]),

    async renameConversation(id, title) {
      let renamed: Conversation | undefined;
      await database.update([indexKey(id)], ([record]) => {
        const conversation = migrateConversation(record);
        renamed = conversation && { ...conversation, title };
        return renamed ? [[indexKey(id), renamed]] : [];
      });
      return renamed;
    },

    clearAll: () => database.clear(),
  };
}
