import {
  type ConversationRecords,
  type ConversationTree,
  mergeTrees,
  readConversation,
  readMessage,
} from '../../../client/index.ts';
import type { Services } from '../../services/services.ts';
import type { ImageCache } from '../images/image-cache.ts';
import type { ConversationListController } from './conversation-list-controller.ts';

interface Dependencies {
  services: Pick<Services, 'conversations' | 'conversationNews'>;
  list: ConversationListController;
  imageCache: ImageCache;
}

/** Conversations as they lie in the store, for what is given out and taken in. What fails rejects with what storage says. */
export class StoredRecords {
  readonly #use: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#use = dependencies;
  }

  /** Of all conversations, most recently changed first. */
  async listIds(): Promise<string[]> {
    const { list, services } = this.#use;
    const stored = (await services.conversations.listConversations()).map(({ id }) => id);
    const unsaved = list.listUnsaved().map(({ conversation }) => conversation.id);
    return [...new Set([...stored, ...unsaved])];
  }

  /** With what this tab holds and could not store. Undefined where there is nothing. */
  async read(id: string): Promise<ConversationRecords | undefined> {
    const { services, list, imageCache } = this.#use;
    const stored = await services.conversations.readRecords(id);
    const unsaved = list.listUnsaved().find(({ conversation }) => conversation.id === id);
    const images = imageCache.listUnsaved(id).map((image): [string, unknown] => [image.id, image]);
    if (!unsaved && images.length === 0) return stored;
    const { condition: _, ...index } = unsaved?.conversation ?? {};
    const messages = (unsaved?.messages ?? []).map(({ condition, ...message }): [string, unknown] => [
      message.id,
      message,
    ]);
    if (!stored && !unsaved) return undefined;
    return {
      id,
      index: unsaved ? { ...(stored?.index as object), ...index } : stored?.index,
      messages: [...new Map([...(stored?.messages ?? []), ...messages])],
      images: [...new Map([...(stored?.images ?? []), ...images])],
      answerRecords: stored?.answerRecords ?? [],
    };
  }

  /** As it is read, with what this tab could not store. */
  async loadTree(id: string): Promise<ConversationTree | undefined> {
    const stored = await this.#use.services.conversations.loadConversation(id);
    const unsaved = this.#use.list.listUnsaved().find(({ conversation }) => conversation.id === id);
    return stored && unsaved ? mergeTrees(stored, unsaved, null) : (stored ?? unsaved);
  }

  /** Adds conversations, all or none, and lists them. */
  async add(added: readonly ConversationRecords[]): Promise<void> {
    const { services, list } = this.#use;
    await services.conversations.addConversations(added);
    for (const { id, index, messages } of added) {
      const news = {
        kind: 'changed' as const,
        id,
        conversation: readConversation(index, id),
        messages: messages.map(([key, record]) => readMessage(record, id, key).message),
      };
      list.noteChanged(news);
      services.conversationNews.tell(news);
    }
  }
}
