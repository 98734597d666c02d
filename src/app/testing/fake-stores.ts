import {
  type AnswerRecord,
  type BinnedConversation,
  binDays,
  type Conversation,
  type ConversationRecords,
  type ConversationStore,
  type ConversationTree,
  defaultSettings,
  type ErrorCode,
  type Filing,
  type Message,
  mergeIndex,
  type Settings,
  type SettingsStore,
  type StoredImage,
} from '../../client/index.ts';
import { noticeVersion } from '../shell/notice-dialog.tsx';
import { errorOf } from './fixtures.ts';

/** What was computed of images, as figures alone. */
export class FakeFeatures {
  kept = { images: 0, bytes: 0 };
  /** While set, every call rejects with it. */
  failure: ErrorCode | null = null;

  async summarize() {
    if (this.failure) throw errorOf(this.failure);
    return this.kept;
  }

  async clear(): Promise<void> {
    if (this.failure) throw errorOf(this.failure);
    this.kept = { images: 0, bytes: 0 };
  }
}

/** Conversations in memory; what goes in and out is copied, as a database would. */
export class FakeConversations implements ConversationStore {
  readonly #conversations = new Map<string, Conversation>();
  readonly #messages = new Map<string, Message>();
  readonly #bin = new Map<
    string,
    {
      tree: ConversationTree;
      images: [string, StoredImage][];
      made: [string, AnswerRecord][];
      binnedAt: number;
    }
  >();
  /** By conversation and id, as the real store keeps them. */
  readonly images = new Map<string, StoredImage>();
  /** By conversation and answer. */
  readonly answerRecords = new Map<string, AnswerRecord>();
  /** While set, every call rejects with it. */
  failure: ErrorCode | null = null;
  /** While set, no image can be written. */
  imageFailure: ErrorCode | null = null;
  /** How often something was listed or opened. */
  readonly reads = { list: 0, load: 0 };
  /** The texts of each save, oldest first. */
  readonly saves: string[][] = [];

  async listConversations(): Promise<Conversation[]> {
    this.reads.list += 1;
    this.#check();
    return structuredClone([...this.#conversations.values()].sort((a, b) => b.updatedAt - a.updatedAt));
  }

  async loadConversation(id: string): Promise<ConversationTree | undefined> {
    this.reads.load += 1;
    this.#check();
    const conversation = this.#conversations.get(id);
    if (!conversation) return undefined;
    const messages = [...this.#messages.values()].filter(message => message.conversationId === id);
    return structuredClone({ conversation, messages: messages.sort((a, b) => a.createdAt - b.createdAt) });
  }

  async saveMessage(conversation: Conversation, ...messages: Message[]): Promise<Conversation> {
    this.#check();
    this.saves.push(messages.map(message => message.text));
    const stored = this.#conversations.get(conversation.id);
    const merged = stored ? mergeIndex(stored, conversation) : conversation;
    this.#conversations.set(conversation.id, structuredClone(merged));
    for (const message of messages) this.#put(message);
    return structuredClone(merged);
  }

  async saveImages(...images: StoredImage[]): Promise<void> {
    this.#check();
    if (this.imageFailure) throw errorOf(this.imageFailure);
    for (const image of images) this.images.set(`${image.conversationId}/${image.id}`, image);
  }

  async loadImage(conversationId: string, id: string): Promise<StoredImage | undefined> {
    this.#check();
    return this.images.get(`${conversationId}/${id}`);
  }

  async saveAnswerRecord(record: AnswerRecord): Promise<void> {
    this.#check();
    if (!this.#conversations.has(record.conversationId)) return;
    this.answerRecords.set(`${record.conversationId}/${record.id}`, structuredClone(record));
  }

  async loadAnswerRecord(conversationId: string, answerId: string): Promise<AnswerRecord | undefined> {
    this.#check();
    return this.answerRecords.get(`${conversationId}/${answerId}`);
  }

  async deleteConversation(id: string, now = Date.now()): Promise<ConversationTree | undefined> {
    const tree = await this.loadConversation(id);
    if (!tree) return undefined;
    const images = [...this.images].filter(([, image]) => image.conversationId === id);
    this.#conversations.delete(id);
    for (const message of tree.messages) this.#messages.delete(`${id}/${message.id}`);
    for (const [key] of images) this.images.delete(key);
    const made = [...this.answerRecords].filter(([, record]) => record.conversationId === id);
    for (const [key] of made) this.answerRecords.delete(key);
    this.#bin.set(id, { tree, images, made, binnedAt: now });
    return tree;
  }

  async restoreConversation(id: string): Promise<ConversationTree | undefined> {
    this.#check();
    const binned = this.#bin.get(id);
    if (!binned) return undefined;
    await this.saveMessage(binned.tree.conversation, ...binned.tree.messages);
    for (const [key, image] of binned.images) this.images.set(key, image);
    for (const [key, record] of binned.made) this.answerRecords.set(key, record);
    this.#bin.delete(id);
    return structuredClone(binned.tree);
  }

  async listBin(): Promise<BinnedConversation[]> {
    this.#check();
    return [...this.#bin.values()]
      .map(({ tree, binnedAt }) => ({
        v: 1 as const,
        id: tree.conversation.id,
        title: tree.conversation.title,
        binnedAt,
      }))
      .sort((a, b) => b.binnedAt - a.binnedAt);
  }

  async deleteForGood(ids: readonly string[]): Promise<void> {
    this.#check();
    for (const id of ids) this.#bin.delete(id);
  }

  async emptyBin(now: number): Promise<void> {
    this.#check();
    for (const [id, { binnedAt }] of this.#bin) {
      if (now - binnedAt >= binDays * 24 * 60 * 60 * 1000) this.#bin.delete(id);
    }
  }

  async fileConversations(
    ids: readonly string[],
    change: (filing: Filing) => Filing,
  ): Promise<Conversation[]> {
    this.#check();
    const filed = ids.flatMap(id => {
      const { filing = {}, ...others } = this.#conversations.get(id) ?? {};
      return 'id' in others ? [{ ...(others as Conversation), filing: change(filing) }] : [];
    });
    for (const conversation of filed) this.#conversations.set(conversation.id, structuredClone(conversation));
    return structuredClone(filed);
  }

  async renameConversation(id: string, title: string): Promise<Conversation | undefined> {
    this.#check();
    const conversation = this.#conversations.get(id);
    if (!conversation) return undefined;
    const renamed = { ...conversation, title };
    this.#conversations.set(id, renamed);
    return structuredClone(renamed);
  }

  async readRecords(id: string): Promise<ConversationRecords | undefined> {
    const tree = await this.loadConversation(id);
    if (!tree) return undefined;
    const images = [...this.images.values()].filter(image => image.conversationId === id);
    return {
      id,
      index: tree.conversation,
      messages: tree.messages.map(message => [message.id, message]),
      images: images.map(image => [image.id, image]),
      answerRecords: [...this.answerRecords.values()]
        .filter(record => record.conversationId === id)
        .map(record => [record.id, record]),
    };
  }

  async addConversations(added: readonly ConversationRecords[]): Promise<void> {
    this.#check();
    if (added.some(({ id }) => this.#conversations.has(id))) throw errorOf('busy');
    for (const { id, index, messages, images, answerRecords } of added) {
      this.#conversations.set(id, structuredClone(index as Conversation));
      for (const [, message] of messages) this.#put(message as Message);
      for (const [key, image] of images) this.images.set(`${id}/${key}`, image as StoredImage);
      for (const [key, record] of answerRecords)
        this.answerRecords.set(`${id}/${key}`, record as AnswerRecord);
    }
  }

  async clearAll(): Promise<void> {
    this.#check();
    this.#conversations.clear();
    this.#messages.clear();
    this.#bin.clear();
    this.images.clear();
    this.answerRecords.clear();
  }

  #put(message: Message): void {
    this.#messages.set(`${message.conversationId}/${message.id}`, structuredClone(message));
  }

  #check(): void {
    if (this.failure) throw errorOf(this.failure);
  }
}

export class FakeSettings implements SettingsStore {
  settings: Settings;
  failure: ErrorCode | null = null;

  /** Acknowledged, unless a test is about the notice: its dialog covers everything else. */
  constructor(changes: Partial<Settings> = {}) {
    this.settings = { ...defaultSettings, acknowledgedNotice: noticeVersion, ...changes };
  }

  async loadSettings(): Promise<Settings> {
    if (this.failure) throw errorOf(this.failure);
    return structuredClone(this.settings);
  }

  async saveSettings(changes: Partial<Settings>): Promise<void> {
    if (this.failure) throw errorOf(this.failure);
    this.settings = { ...this.settings, ...structuredClone(changes) };
  }
}
