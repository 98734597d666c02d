import {
  type DraftRecords,
  type ErrorCode,
  isEmptyContent,
  mergeDrafts,
  newId,
  type SaveDraft,
  type StoredDraft,
} from '../../client/index.ts';
import { errorOf } from './fixtures.ts';

/** Drafts in memory; what goes in and out is copied, as a database would. */
export class FakeDrafts implements DraftRecords {
  readonly drafts = new Map<string, StoredDraft>();
  /** By conversation and id. */
  readonly images = new Map<string, Blob>();
  shown: string | undefined;
  /** While set, every call rejects with it. */
  failure: ErrorCode | null = null;
  /** The texts that were written, oldest first. */
  readonly saves: string[] = [];

  async listDrafts(): Promise<StoredDraft[]> {
    this.#check();
    return structuredClone([...this.drafts.values()]);
  }

  async loadDraft(conversationId: string): Promise<StoredDraft | undefined> {
    this.#check();
    return structuredClone(this.drafts.get(conversationId));
  }

  async loadDraftImages(conversationId: string, ids: readonly string[]): Promise<ReadonlyMap<string, Blob>> {
    this.#check();
    const found = new Map<string, Blob>();
    for (const id of ids) {
      const blob = this.images.get(`${conversationId}/${id}`);
      if (blob) found.set(id, blob);
    }
    return found;
  }

  async saveDraft({ conversationId, content, added, seen }: SaveDraft): Promise<StoredDraft | undefined> {
    this.#check();
    this.saves.push(content.text);
    const before = this.drafts.get(conversationId);
    const next = before && before.revision !== seen ? mergeDrafts(content, before) : content;
    for (const [id, blob] of added) this.images.set(`${conversationId}/${id}`, blob);
    const kept = new Set([...next.images, ...(next.sources ?? [])].map(({ id }) => id));
    for (const { id } of [...(before?.images ?? []), ...(before?.sources ?? [])]) {
      if (!kept.has(id)) this.images.delete(`${conversationId}/${id}`);
    }
    if (isEmptyContent(next)) this.drafts.delete(conversationId);
    else {
      const stored = { v: 1 as const, conversationId, revision: newId(), updatedAt: Date.now(), ...next };
      this.drafts.set(conversationId, structuredClone(stored));
    }
    return this.loadDraft(conversationId);
  }

  async saveShown(conversationId: string): Promise<void> {
    this.#check();
    this.shown = conversationId;
  }

  async loadShown(): Promise<string | undefined> {
    this.#check();
    return this.shown;
  }

  #check(): void {
    if (this.failure) throw errorOf(this.failure);
  }
}
