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

  constructor(services: Services, store: LibraryStore, ui: UiStore) {
    this.#stored = services.conversations;
    this.#store = store;
    this.#ui = ui;
  }

  async refresh(): Promise<void> {
    const conversations = await this.#reporting(() => this.#stored.listConversations());
    this.#store.setState({ isLoaded: true, ...(conversations ? { conversations } : {}) });
  }

  load(id: string): Promise<ConversationTree | undefined> {
    return this.#reporting(() => this.#stored.loadConversation(id));
  }

  async save(conversation: Conversation, ...messages: Message[]): Promise<void> {
    await this.#reporting(() => this.#stored.saveMessage(conversation, ...messages));
  }

  async rename(id: string, title: string): Promise<void> {
    await this.#reporting(() => this.#stored.renameConversation(id, title));
    await this.refresh();
  }

  /** Deletes at once and offers the way back for some seconds. `onRestored` runs after an undo. */
  async remove(id: string, onRestored: () => void): Promise<void> {
    const deleted = await this.#reporting(() => this.#stored.deleteConversation(id));
    await this.refresh();
    if (!deleted) return;
    this.#ui.getState().showToast(`“${deleted.conversation.title}” was deleted.`, {
      label: 'Undo',
      run: () => void this.#restore(deleted, onRestored),
    });
  }

  async removeAll(): Promise<void> {
    await this.#reporting(() => this.#stored.clearAll());
    await this.refresh();
  }

  async #restore(deleted: DeletedConversation, onRestored: () => void): Promise<void> {
    await this.#reporting(() => this.#stored.restoreConversation(deleted));
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
