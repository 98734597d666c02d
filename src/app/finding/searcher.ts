import { ConversationIndex, type Found } from '../search/conversation-index.ts';
import { Slices } from '../search/slices.ts';
import type { App } from '../state/create-app.ts';

type Searched = Pick<App, 'chat' | 'conversationList' | 'storedRecords'>;

export interface Findings {
  found: Found[];
  hasMore: boolean;
  /** Conversations that could not be read. */
  unread: number;
}

const searchers = new WeakMap<object, Searcher>();

/** One of each page: what was folded for a search serves the next one. */
export function searcherOf(app: Searched): Searcher {
  const known = searchers.get(app);
  if (known) return known;
  const made = new Searcher(app);
  searchers.set(app, made);
  return made;
}

/** Searches all conversations of this device, and reads again only those that have changed since. */
export class Searcher {
  readonly #app: Searched;
  readonly #index: ConversationIndex;
  /** What the list said of each when it was read. */
  readonly #readAs = new Map<string, string>();
  /** Shown or answered since they were read: they may say more by now. */
  readonly #touched = new Set<string>();

  constructor(app: Searched, slices = new Slices()) {
    this.#app = app;
    this.#index = new ConversationIndex(slices);
    app.chat.subscribe(({ tree, run }) => {
      this.#touched.add(tree.conversation.id);
      if (run) this.#touched.add(run.conversation.id);
    });
  }

  /** Rejects with the signal's reason once it is aborted, and with nothing else. */
  async search(typed: string, signal: AbortSignal): Promise<Findings> {
    const unread = await this.#refresh(signal);
    return { ...(await this.#index.search(typed, signal)), unread };
  }

  async #refresh(signal: AbortSignal): Promise<number> {
    const { chat, conversationList, storedRecords } = this.#app;
    const { conversations } = conversationList.getState();
    this.#index.keepOnly(new Set(conversations.map(({ id }) => id)));
    let unread = 0;
    for (const { id, title, updatedAt } of conversations) {
      const saying = `${updatedAt} ${title}`;
      const { tree: shown, run } = chat.getState();
      const isShown = shown.conversation.id === id;
      const isKnown = this.#index.has(id) && this.#readAs.get(id) === saying && !this.#touched.has(id);
      if (isKnown && !isShown) continue;
      const tree = isShown ? shown : await storedRecords.loadTree(id).catch(() => undefined);
      signal.throwIfAborted();
      if (!tree) {
        unread += 1;
        continue;
      }
      if (!isShown && run?.conversation.id !== id) this.#touched.delete(id);
      await this.#index.put(tree, signal);
      this.#readAs.set(id, saying);
    }
    return unread;
  }
}
