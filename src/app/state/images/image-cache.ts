import type { StoredImage } from '../../../client/index.ts';
import type { Services } from '../../services/services.ts';
import { imagesKey } from '../saving/debt-keys.ts';
import type { StorageDebts } from '../saving/storage-debts.ts';

/** The images of conversations: what is stored, and in memory what is not yet, or not for want of room. */
export class ImageCache {
  readonly #stored: Services['conversations'];
  readonly #debts: StorageDebts;
  readonly #unsaved = new Map<string, StoredImage>();

  constructor(services: Services, debts: StorageDebts) {
    this.#stored = services.conversations;
    this.#debts = debts;
  }

  /** Keeps them in memory until `store` has written them. */
  put(images: readonly StoredImage[]): void {
    for (const image of images) this.#unsaved.set(keyOf(image.conversationId, image.id), image);
  }

  /** Writes what waits of a conversation. Never rejects: what cannot be written stays here until it can. */
  async store(conversationId: string): Promise<void> {
    if (this.#unsavedOf(conversationId).length === 0) return;
    await this.#debts.attempt(imagesKey(conversationId), async () => {
      const images = this.#unsavedOf(conversationId);
      if (images.length === 0) return;
      await this.#stored.saveImages(...images);
      for (const image of images) {
        const key = keyOf(conversationId, image.id);
        if (this.#unsaved.get(key) === image) this.#unsaved.delete(key);
      }
    });
  }

  /** Undefined for an image that is not kept any more. Rejects where storage cannot be read. */
  async find(conversationId: string, id: string): Promise<Blob | undefined> {
    const unsaved = this.#unsaved.get(keyOf(conversationId, id));
    return (unsaved ?? (await this.#stored.loadImage(conversationId, id)))?.blob;
  }

  /** What waits of a conversation. */
  listUnsaved(conversationId: string): StoredImage[] {
    return this.#unsavedOf(conversationId);
  }

  /** Forgets what waits of a conversation, or of all, and returns it for an undo. */
  take(conversationId?: string): StoredImage[] {
    const images = this.#unsavedOf(conversationId);
    for (const image of images) {
      this.#unsaved.delete(keyOf(image.conversationId, image.id));
      this.#debts.forget(imagesKey(image.conversationId));
    }
    return images;
  }

  #unsavedOf(conversationId: string | undefined): StoredImage[] {
    const all = [...this.#unsaved.values()];
    return conversationId === undefined ? all : all.filter(image => image.conversationId === conversationId);
  }
}

const keyOf = (conversationId: string, id: string): string => `${conversationId}/${id}`;
