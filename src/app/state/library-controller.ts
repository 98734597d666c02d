import { createStore, type StoreApi } from 'zustand/vanilla';
import {
  type Conversation,
  type ConversationTree,
  type DeletedConversation,
  type Message,
  toErrorData,
} from '../../client/index.ts';
import type { Services } from '../services.ts';
import type { UiStore } from './ui-store.ts';

export interface LibraryState {
  conversations: Conversation[];
  isLoaded: boolean;
}

export type LibraryStore = StoreApi<LibraryState>;

export function createLibraryStore(): LibraryStore {
  return createStore<LibraryState>(() => ({ conversations: [], isLoaded: false }));
}

/** The list of conversations, kept equal to what is stored. Nothing here throws: failures become toasts. */
export class LibraryController {
  readonly #stored: Services['conversations'];
  readonly #store: LibraryStore;
  readonly #ui: UiStore;
  readonly #news: Services['conversationNews'];
  /** Deleted in another tab: what this one still holds of them must not bring half of them back. */
  readonly #gone = new Set<string>();

  constructor(services: Services, store: LibraryStore, ui: UiStore) {
    this.#stored = services.conversations;
    this.#store = store;
    this.#ui = ui;
    this.#news = services.conversationNews;
  }

  async refresh(): Promise<void> {
    const conversations = await this.#reporting(() => this.#stored.listConversations());
    this.#store.setState({ isLoaded: true, ...(conversations ? { conversations } : {}) });
  }

  load(id: string): Promise<ConversationTree | undefined> {
    return this.#reporting(() => this.#stored.loadConversation(id));
  }

  async save(conversation: Conversation, ...messages: Message[]): Promise<void> {
    if (this.#gone.has(conversation.id)) return;
    await this.#reporting(() => this.#stored.saveMessage(conversation, ...messages));
    this.#news.tell({ kind: 'changed', id: conversation.id });
  }

  async rename(id: string, title: string): Promise<void> {
    await this.#reporting(() => this.#stored.renameConversation(id, title));
    this.#news.tell({ kind: 'changed', id });
    await this.refresh();
  }

  /** Deletes at once and offers the way back for some seconds. `onRestored` runs after an undo. */
  async remove(id: string, onRestored: () => void): Promise<void> {
    const deleted = await this.#reporting(() => this.#stored.deleteConversation(id));
    this.#news.tell({ kind: 'deleted', id });
    await this.refresh();
    if (!deleted) return;
    this.#ui.getState().showToast(`“${deleted.conversation.title}” was deleted.`, {
      label: 'Undo',
      run: () => void this.#restore(deleted, onRestored),
    });
  }

  async removeAll(): Promise<void> {
    await this.#reporting(() => this.#stored.clearAll());
    this.#news.tell({ kind: 'all-deleted' });
    await this.refresh();
  }

  /** Another tab has written it. */
  noteChanged(id: string): Promise<void> {
    this.#gone.delete(id);
    return this.refresh();
  }

  /** Another tab has deleted them. */
  noteDeleted(...ids: string[]): Promise<void> {
    for (const id of ids) this.#gone.add(id);
    return this.refresh();
  }

  async #restore(deleted: DeletedConversation, onRestored: () => void): Promise<void> {
    await this.#reporting(() => this.#stored.restoreConversation(deleted));
    this.#news.tell({ kind: 'changed', id: deleted.conversation.id });
    await this.refresh();
    onRestored();
  }

  async #reporting<T>(operation: () => Promise<T>): Promise<T | undefined> {
    try {
      return await operation();
    } catch (error) {
      const { message, advice } = toErrorData(error);
      this.#ui.getState().showToast(`${message} ${advice}`);
      return undefined;
    }
  }
}
