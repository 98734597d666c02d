import type { DraftContent } from '../../../client/index.ts';

/** What a page had typed in a conversation and not stored when it went away. */
export interface LeftDraft extends Pick<DraftContent, 'text' | 'edits'> {
  /** The revision of the stored draft that it changes; null where none was stored. */
  seen: string | null;
}

/**
 * What was typed in the last moment of a page. A reload gives IndexedDB no time: a write that begins when the page goes away
 * may never be done. What is written here is there when the call returns, and goes as soon as the draft is stored.
 */
export interface LeftDrafts {
  leave(conversationId: string, draft: LeftDraft): void;
  drop(conversationId: string): void;
  dropAll(): void;
  /** Of all conversations. */
  list(): Map<string, LeftDraft>;
}

const prefix = 'bedside-left-draft/';

/** Where the browser keeps nothing, or no more, the last moment is not kept: none of these throws. */
export function createLeftDrafts(storage: () => Storage = () => localStorage): LeftDrafts {
  return {
    leave(conversationId, draft) {
      attempt(() => storage().setItem(prefix + conversationId, JSON.stringify(draft)));
    },

    drop(conversationId) {
      attempt(() => storage().removeItem(prefix + conversationId));
    },

    dropAll() {
      attempt(() => {
        const kept = storage();
        const keys = Array.from({ length: kept.length }, (_, i) => kept.key(i));
        for (const key of keys) if (key?.startsWith(prefix)) kept.removeItem(key);
      });
    },

    list() {
      const left = new Map<string, LeftDraft>();
      attempt(() => {
        const kept = storage();
        for (let i = 0; i < kept.length; i++) {
          const key = kept.key(i);
          const draft = key?.startsWith(prefix) ? readLeft(kept.getItem(key)) : undefined;
          if (key && draft) left.set(key.slice(prefix.length), draft);
        }
      });
      return left;
    },
  };
}

function attempt(use: () => void): void {
  try {
    use();
  } catch {
    // Storage is blocked or full.
  }
}

function readLeft(json: string | null): LeftDraft | undefined {
  let record: unknown;
  try {
    record = JSON.parse(json ?? '');
  } catch {
    return undefined;
  }
  if (typeof record !== 'object' || record === null) return undefined;
  const { seen, text, edits } = record as Record<string, unknown>;
  if (typeof text !== 'string' || (seen !== null && typeof seen !== 'string')) return undefined;
  const texts = typeof edits === 'object' && edits !== null ? Object.entries(edits) : [];
  const known = texts.filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return { seen, text, edits: Object.fromEntries(known) };
}
