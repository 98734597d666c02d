/**
 * Conversations in IndexedDB: one index record each, and one record a message, so that an answer in progress
 * rewrites itself and not the whole conversation.
 */
import {
  type Conversation,
  type Message,
  migrateConversation,
  migrateMessage,
} from './conversation-records.ts';
import type { ConversationTree } from './conversation-tree.ts';
import { type Database, openDatabase } from './database.ts';

export interface ConversationStore {
  /** Index records, most recently changed first. */
  listConversations(): Promise<Conversation[]>;
  loadConversation(id: string): Promise<ConversationTree | undefined>;
  /** Writes messages together with the conversation's index record: all or nothing. */
  saveMessage(conversation: Conversation, ...messages: Message[]): Promise<void>;
  /** Returns what was deleted, for `restoreConversation`; undefined when there was nothing. */
  deleteConversation(id: string): Promise<ConversationTree | undefined>;
  /** Puts back what was deleted, exactly as it was. */
  restoreConversation(deleted: ConversationTree): Promise<void>;
  /** The title alone; a conversation that is not stored stays so. */
  renameConversation(id: string, title: string): Promise<void>;
  clearAll(): Promise<void>;
}

const indexPrefix = 'conversation/';
const indexKey = (id: string): string => `${indexPrefix}${id}`;
const messagePrefix = (conversationId: string): string => `message/${conversationId}/`;
const messageKey = (message: Message): string => `${messagePrefix(message.conversationId)}${message.id}`;

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

  async function saveMessage(conversation: Conversation, ...messages: readonly Message[]): Promise<void> {
    await database.setMany([
      [indexKey(conversation.id), conversation],
      ...messages.map((message): [string, unknown] => [messageKey(message), message]),
    ]);
  }

  return {
    loadConversation,
    saveMessage,

    async listConversations() {
      const records = (await database.getByPrefix(indexPrefix)).map(migrateConversation);
      return records.filter(record => record !== undefined).sort((a, b) => b.updatedAt - a.updatedAt);
    },

    async deleteConversation(id) {
      const deleted = await loadConversation(id);
      // By key, so that records which this version cannot read are deleted too.
      const prefix = messagePrefix(id);
      const unwanted = (await database.keys()).filter(key => key === indexKey(id) || key.startsWith(prefix));
      await database.deleteMany(unwanted);
      return deleted;
    },

    restoreConversation: ({ conversation, messages }) => saveMessage(conversation, ...messages),

    async renameConversation(id, title) {
      await database.update([indexKey(id)], ([record]) => {
        const conversation = migrateConversation(record);
        return conversation ? [[indexKey(id), { ...conversation, title }]] : [];
      });
    },

    clearAll: () => database.clear(),
  };
}
