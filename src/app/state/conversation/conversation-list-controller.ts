import { createStore, type StoreApi } from 'zustand/vanilla';
import {
  type AnswerRecord,
  type BinnedConversation,
  type ChangedConversation,
  type Conversation,
  type ConversationTree,
  type Filing,
  type Message,
  mergeIndex,
  mergeTrees,
  plural,
  toErrorData,
} from '../../../client/index.ts';
import type { Services } from '../../services/services.ts';
import type { UiStore } from '../page/ui-store.ts';
import { answerRecordKey, messagesKey, restoreKey, titleKey } from '../saving/debt-keys.ts';
import type { StorageDebts } from '../saving/storage-debts.ts';
import { isWhole, UnsavedMessages } from './unsaved-messages.ts';

export interface ConversationListState {
  /** Most recently changed first. */
  conversations: Conversation[];
  isLoaded: boolean;
}

export type ConversationListStore = StoreApi<ConversationListState>;

export function createConversationListStore(): ConversationListStore {
  return createStore<ConversationListState>(() => ({ conversations: [], isLoaded: false }));
}

interface Removal {
  /** Runs once the database has agreed: ends what still writes there. */
  settle: (id: string) => Promise<void>;
  /** Runs after an undo. */
  onRestored: (ids: readonly string[]) => void;
}

interface Binned {
  deleted: ConversationTree;
  /** What waited to be stored of it. */
  unsaved: ConversationTree | undefined;
}

/**
 * The conversations of this browser: the list of them, and all that is stored of them. Other tabs are told what was stored,
 * after it was. What is refused waits in memory until it can be stored; a deletion that is refused did not happen. Nothing here
 * throws.
 */
export class ConversationListController {
  readonly #stored: Services['conversations'];
  readonly #store: ConversationListStore;
  readonly #debts: StorageDebts;
  readonly #ui: UiStore;
  readonly #news: Services['conversationNews'];
  readonly #unsaved = new UnsavedMessages();
  /** Deleted, here or in another tab: what this one still holds of them must not bring half of them back. */
  readonly #gone = new Set<string>();
  /** Being deleted: what is to be saved of them waits for whether they are. */
  readonly #held = new Set<string>();
  #isClearing = false;
  /** What other tabs store of a conversation while it is read here. */
  readonly #heard = new Map<string, ChangedConversation[]>();

  constructor(services: Services, store: ConversationListStore, debts: StorageDebts, ui: UiStore) {
    this.#stored = services.conversations;
    this.#store = store;
    this.#debts = debts;
    this.#ui = ui;
    this.#news = services.conversationNews;
  }

  async refresh(): Promise<void> {
    await this.#debts.attempt('list', () => this.#read(), true);
    this.#store.setState({ isLoaded: true });
  }

  /** Undefined where there is none; 'unreadable' where there may be one, which was told. */
  async load(id: string): Promise<ConversationTree | 'unreadable' | undefined> {
    const heard: ChangedConversation[] = [];
    this.#heard.set(id, heard);
    let stored: ConversationTree | undefined;
    try {
      stored = await this.#stored.loadConversation(id);
    } catch (thrown) {
      const unsaved = this.#unsaved.get(id);
      if (unsaved && isWhole(unsaved)) return unsaved;
      this.#tell('This conversation could not be opened.', thrown);
      return 'unreadable';
    } finally {
      this.#heard.delete(id);
    }
    for (const news of heard) stored &&= mergeTrees(stored, news, null);
    const unsaved = this.#unsaved.get(id);
    if (!stored && !unsaved) this.#unlist(id);
    if (!stored || !unsaved) return stored ?? unsaved;
    return {
      ...mergeTrees(stored, unsaved, null),
      conversation: mergeIndex(stored.conversation, unsaved.conversation),
    };
  }

  /** Settles when it is stored, or waits for storage that refused it. */
  async save(conversation: Conversation, ...messages: Message[]): Promise<void> {
    const { id } = conversation;
    if (this.#gone.has(id) || conversation.condition === 'later-version') return;
    this.#unsaved.put(conversation, messages);
    this.#list(conversation);
    if (!this.#isHeld(id)) await this.#attemptWrite(id);
  }

  /** What an answer was made of, once the answer is stored. Of a conversation that is being deleted nothing is kept. */
  async saveAnswerRecord(record: AnswerRecord): Promise<void> {
    const { conversationId } = record;
    if (this.#gone.has(conversationId) || this.#isHeld(conversationId)) return;
    await this.#debts.attempt(answerRecordKey(conversationId), () => this.#stored.saveAnswerRecord(record));
  }

  async rename(id: string, title: string): Promise<void> {
    const listed = this.#store.getState().conversations.find(each => each.id === id);
    if (listed?.condition === 'later-version') {
      this.#ui.getState().showToast(ofLaterVersion);
      return;
    }
    if (listed) this.#replace({ ...listed, title });
    const unsaved = this.#unsaved.get(id);
    if (unsaved) this.#unsaved.put({ ...unsaved.conversation, title }, []);
    await this.#debts.attempt(titleKey(id), async () => {
      const conversation = await this.#stored.renameConversation(id, title);
      if (!conversation) return;
      this.#replace(conversation);
      this.#news.tell(changed(conversation));
    });
  }

  /** How these are kept in the list. False where the database refused: nothing has changed then. */
  async file(ids: readonly string[], change: (filing: Filing) => Filing): Promise<boolean> {
    try {
      for (const conversation of await this.#stored.fileConversations(ids, change)) {
        if (this.#gone.has(conversation.id)) continue;
        this.#replace(conversation);
        this.#news.tell(changed(conversation));
      }
      return true;
    } catch (thrown) {
      this.#tell('Nothing was changed.', thrown);
      return false;
    }
  }

  /**
   * Into the bin, at once, and offers the way back for some seconds. Resolves with those that are gone: where the database refuses,
   * nothing has changed of that one and of those after it.
   */
  async remove(ids: readonly string[], { settle, onRestored }: Removal): Promise<string[]> {
    const gone: string[] = [];
    const binned: Binned[] = [];
    for (const id of ids) {
      this.#held.add(id);
      let deleted: ConversationTree | undefined;
      try {
        deleted = await this.#stored.deleteConversation(id);
      } catch (thrown) {
        this.#held.delete(id);
        this.#tell(gone.length === 0 ? 'Nothing was deleted.' : 'Not all was deleted.', thrown);
        await this.#saveHeld(id);
        break;
      }
      await settle(id);
      this.#gone.add(id);
      this.#held.delete(id);
      const unsaved = this.#giveUp(id);
      this.#unlist(id);
      gone.push(id);
      if (!deleted) continue;
      this.#news.tell({ kind: 'deleted', id });
      binned.push({ deleted, unsaved });
    }
    const [first] = binned;
    if (!first) return gone;
    const { title } = first.deleted.conversation;
    const what = binned.length === 1 ? `“${title}” was` : `${plural(binned.length, 'conversation')} were`;
    this.#ui.getState().showToast(`${what} moved to the bin.`, {
      label: 'Undo',
      run: async () => {
        await Promise.all(binned.map(each => this.#undo(each)));
        onRestored(binned.map(({ deleted }) => deleted.conversation.id));
      },
    });
    return gone;
  }

  /** What lies in the bin, deleted last first; null where it cannot be read, which was told. */
  async listBin(): Promise<BinnedConversation[] | null> {
    try {
      await this.emptyBin();
      return await this.#stored.listBin();
    } catch (thrown) {
      this.#tell('The bin could not be read.', thrown);
      return null;
    }
  }

  /** Out of the bin. */
  async restore(id: string): Promise<void> {
    try {
      await this.#putBack(id);
    } catch (thrown) {
      this.#tell('Nothing was restored.', thrown);
    }
  }

  /** Of what lies in the bin: for good. */
  async deleteForGood(ids: readonly string[]): Promise<void> {
    try {
      await this.#stored.deleteForGood(ids);
    } catch (thrown) {
      this.#tell('Nothing was deleted.', thrown);
    }
  }

  /** Deletes what has been in the bin for long enough. What is refused now is deleted the next time. */
  async emptyBin(now = Date.now()): Promise<void> {
    await this.#stored.emptyBin(now).catch(() => undefined);
  }

  /** The same for all. */
  async removeAll(settle: () => Promise<void>): Promise<boolean> {
    this.#isClearing = true;
    try {
      await this.#stored.clearAll();
      await settle();
    } catch (thrown) {
      this.#isClearing = false;
      this.#tell('Nothing was deleted.', thrown);
      for (const { conversation } of this.#unsaved.list()) await this.#saveHeld(conversation.id);
      return false;
    }
    this.#forgetAll();
    this.#isClearing = false;
    this.#news.tell({ kind: 'all-deleted' });
    return true;
  }

  /** Another tab has stored this. */
  noteChanged(news: ChangedConversation): void {
    this.#gone.delete(news.conversation.id);
    this.#heard.get(news.conversation.id)?.push(news);
    this.#replace(news.conversation);
  }

  /** Another tab has deleted conversation `id`. */
  noteDeleted(id: string): void {
    this.#gone.add(id);
    this.#giveUp(id);
    this.#unlist(id);
  }

  /** Another tab has deleted all; of these, more would be saved here. */
  noteAllDeleted(ids: readonly string[]): void {
    for (const id of ids) this.#gone.add(id);
    this.#forgetAll();
  }

  /** What is not stored. */
  listUnsaved(): ConversationTree[] {
    return this.#unsaved.list();
  }

  async #read(): Promise<void> {
    const stored = await this.#stored.listConversations();
    this.#store.setState({ conversations: stored });
    for (const { conversation } of this.#unsaved.list()) this.#list(conversation);
  }

  #attemptWrite(id: string): Promise<boolean> {
    return this.#debts.attempt(messagesKey(id), () => this.#write(id));
  }

  async #write(id: string): Promise<void> {
    const unsaved = this.#unsaved.get(id);
    if (!unsaved || this.#isHeld(id)) return;
    const conversation = await this.#stored.saveMessage(unsaved.conversation, ...unsaved.messages);
    this.#unsaved.settle(unsaved);
    if (this.#gone.has(id)) return;
    this.#replace(conversation);
    this.#news.tell(changed(conversation, unsaved.messages));
  }

  async #saveHeld(id: string): Promise<void> {
    if (this.#unsaved.get(id)) await this.#attemptWrite(id);
  }

  async #undo({ deleted, unsaved }: Binned): Promise<void> {
    const { conversation, messages } = deleted;
    const { id } = conversation;
    this.#gone.delete(id);
    this.#list(conversation);
    const isDone = await this.#debts.attempt(restoreKey(id), async () => {
      await this.#putBack(id);
      // What was here until then is older than what is stored: it is not to be written over that.
      this.#unsaved.settle(deleted);
    });
    // Until it can be put back, it is here.
    if (!isDone) this.#unsaved.put(conversation, messages);
    if (unsaved) await this.save(unsaved.conversation, ...unsaved.messages);
  }

  async #putBack(id: string): Promise<void> {
    const restored = await this.#stored.restoreConversation(id);
    if (!restored) {
      // Another tab may have put it back.
      if (!(await this.#stored.loadConversation(id))) this.#unlist(id);
      this.#ui.getState().showToast('This conversation is not in the bin any more.');
      return;
    }
    const { conversation, messages } = restored;
    this.#gone.delete(id);
    this.#replace(conversation);
    this.#news.tell(changed(conversation, messages));
  }

  #isHeld(id: string): boolean {
    return this.#isClearing || this.#held.has(id);
  }

  #giveUp(id: string): ConversationTree | undefined {
    for (const keyOf of [messagesKey, titleKey, restoreKey, answerRecordKey]) this.#debts.forget(keyOf(id));
    return this.#unsaved.take(id);
  }

  #forgetAll(): void {
    const { conversations } = this.#store.getState();
    const ids = [...conversations, ...this.#unsaved.list().map(tree => tree.conversation)].map(
      ({ id }) => id,
    );
    for (const id of ids) {
      this.#giveUp(id);
      this.#gone.add(id);
    }
    this.#store.setState({ conversations: [] });
  }

  /** As far as this tab knows it: a title that another one gave stays. */
  #list(conversation: Conversation): void {
    const { conversations } = this.#store.getState();
    const listed = conversations.find(({ id }) => id === conversation.id);
    this.#replace(listed ? mergeIndex(listed, conversation) : conversation);
  }

  /** As it is stored. */
  #replace(conversation: Conversation): void {
    const { conversations } = this.#store.getState();
    const listed = conversations.find(({ id }) => id === conversation.id);
    // An answer that grows changes nothing of what is listed.
    if (listed && JSON.stringify(listed) === JSON.stringify(conversation)) return;
    const others = conversations.filter(each => each !== listed);
    this.#store.setState({
      conversations: [conversation, ...others].sort((a, b) => b.updatedAt - a.updatedAt),
    });
  }

  #unlist(id: string): void {
    this.#store.setState(({ conversations }) => ({
      conversations: conversations.filter(each => each.id !== id),
    }));
  }

  /** Of what the reader asked for just now: what was not done, and why. */
  #tell(what: string, thrown: unknown): void {
    const { message, advice } = toErrorData(thrown);
    this.#ui.getState().showToast(`${what} ${message} ${advice}`);
  }
}

export const ofLaterVersion =
  'This conversation was stored by a later version of Bedside: it can be read here, not changed. Reload the page to get that version.';

function changed(conversation: Conversation, messages: readonly Message[] = []) {
  return { kind: 'changed' as const, id: conversation.id, conversation, messages };
}
