import type { ConversationTree, Message } from '../../client/index.ts';
import { fold } from './fold.ts';
import { lookIn, parseQuery, type Query, score } from './query.ts';
import { type Slices, sliceCharacters } from './slices.ts';
import { type SnippetPart, snippetOf } from './snippet.ts';

export interface Found {
  conversationId: string;
  title: SnippetPart[];
  /** Null where the title alone has it. */
  messageId: string | null;
  role: Message['role'] | null;
  snippet: SnippetPart[];
  at: number;
}

/** What is shown of all that was found. */
export const mostFound = 50;
/** Of one conversation: others are to be seen too. */
const mostOfOne = 3;

interface IndexedText {
  /** Null for the title. */
  message: Message | null;
  text: string;
  /** A long text in pieces, each overlapping the next, so that no slice is longer than others. */
  folded: string[];
}

interface IndexedConversation {
  title: string;
  at: number;
  texts: IndexedText[];
}

/** As long as a question may be. */
const overlap = 400;

/** Conversations as they are searched: texts folded once, in memory. */
export class ConversationIndex {
  readonly #byId = new Map<string, IndexedConversation>();
  readonly #slices: Slices;

  constructor(slices: Slices) {
    this.#slices = slices;
  }

  has(id: string): boolean {
    return this.#byId.has(id);
  }

  /** Forgets all but these. */
  keepOnly(ids: ReadonlySet<string>): void {
    for (const id of this.#byId.keys()) if (!ids.has(id)) this.#byId.delete(id);
  }

  forget(id: string): void {
    this.#byId.delete(id);
  }

  /** Texts that have not changed since are not folded again. */
  async put({ conversation, messages }: ConversationTree, signal: AbortSignal): Promise<void> {
    const { id, title, updatedAt } = conversation;
    const old = new Map(this.#byId.get(id)?.texts.map(each => [each.message?.id, each]));
    const texts: IndexedText[] = [];
    for (const message of [null, ...messages]) {
      const text = message?.text ?? (message ? '' : title);
      const known = old.get(message?.id);
      texts.push(
        known?.text === text
          ? { ...known, message }
          : { message, text, folded: await this.#fold(text, signal) },
      );
    }
    this.#byId.set(id, { title, at: updatedAt, texts });
  }

  /** The best first, and of equal ones the latest. Rejects once the signal says so. */
  async search(typed: string, signal: AbortSignal): Promise<{ found: Found[]; hasMore: boolean }> {
    const query = parseQuery(typed);
    if (!query) return { found: [], hasMore: false };
    const hits: { id: string; text: IndexedText; points: number; at: number }[] = [];
    for (const [id, { texts, at }] of this.#byId) {
      for (const text of texts) {
        const has = new Set<string>();
        for (const piece of text.folded) {
          lookIn(piece, query, has, text.folded.length === 1);
          const rest = this.#slices.note(piece.length + 1, signal);
          // Only where others are to go first: there are thousands of texts.
          if (rest) await rest;
        }
        const points = score(query, has);
        if (points > 0) hits.push({ id, text, points, at: text.message?.createdAt ?? at });
      }
    }
    hits.sort((a, b) => b.points - a.points || b.at - a.at);
    const shown = eachWithin(hits, mostOfOne);
    const found: Found[] = [];
    for (const hit of shown.slice(0, mostFound)) {
      found.push(this.#describe(hit.id, hit.text, hit.at, query));
      await this.#slices.note(Math.min(hit.text.text.length, sliceCharacters / 10), signal);
    }
    return { found, hasMore: shown.length > mostFound };
  }

  async #fold(text: string, signal: AbortSignal): Promise<string[]> {
    const pieces: string[] = [];
    const length = sliceCharacters / 4;
    for (let at = 0; at === 0 || at < text.length; at += length) {
      pieces.push(fold(text.slice(at, at + length + overlap)));
      await this.#slices.note(Math.min(length, text.length - at) + 1, signal);
    }
    return pieces;
  }

  #describe(conversationId: string, { message, text }: IndexedText, at: number, query: Query): Found {
    const { title } = this.#byId.get(conversationId)!;
    return {
      conversationId,
      title: message ? [{ text: title, isMatch: false }] : snippetOf(text, query),
      messageId: message?.id ?? null,
      role: message?.role ?? null,
      snippet: message ? snippetOf(text, query) : [],
      at,
    };
  }
}

/** At most so many of each conversation, in order. */
function eachWithin<T extends { id: string }>(hits: readonly T[], most: number): T[] {
  const counts = new Map<string, number>();
  return hits.filter(({ id }) => {
    const count = (counts.get(id) ?? 0) + 1;
    counts.set(id, count);
    return count <= most;
  });
}
