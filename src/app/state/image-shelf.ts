import { type StoredImage, toErrorData } from '../../client/index.ts';
import type { Services } from '../services.ts';
import type { UiStore } from './ui-store.ts';

/** The images of conversations: what is stored, and in memory what is not, not yet or not for want of room. */
export class ImageShelf {
  readonly #stored: Services['conversations'];
  readonly #ui: UiStore;
  readonly #held = new Map<string, StoredImage>();

  constructor(services: Services, ui: UiStore) {
    this.#stored = services.conversations;
    this.#ui = ui;
  }

  /** Keeps them in memory, until `store` has written them. */
  hold(images: readonly StoredImage[]): void {
    for (const image of images) this.#held.set(keyOf(image.conversationId, image.id), image);
  }

  /** Writes what is held of a conversation. Never rejects: what cannot be written stays until the page is closed. */
  async store(conversationId: string): Promise<void> {
    const images = this.#heldOf(conversationId);
    if (images.length === 0) return;
    try {
      await this.#stored.saveImages(...images);
      for (const { id } of images) this.#held.delete(keyOf(conversationId, id));
    } catch (thrown) {
      const what = images.length === 1 ? `“${images[0]?.name}”` : `${images.length} images`;
      this.#ui
        .getState()
        .showToast(
          `${what} could not be kept on this device and will be gone when the page is closed. ` +
            toErrorData(thrown).message,
        );
    }
  }

  /** Undefined for an image that is not kept any more. Rejects where storage cannot be read. */
  async find(conversationId: string, id: string): Promise<Blob | undefined> {
    const held = this.#held.get(keyOf(conversationId, id));
    return (held ?? (await this.#stored.loadImage(conversationId, id)))?.blob;
  }

  /** Forgets what is held of a conversation, or of all, and returns it for an undo. */
  release(conversationId?: string): StoredImage[] {
    const images = this.#heldOf(conversationId);
    for (const image of images) this.#held.delete(keyOf(image.conversationId, image.id));
    return images;
  }

  #heldOf(conversationId: string | undefined): StoredImage[] {
    const all = [...this.#held.values()];
    return conversationId === undefined ? all : all.filter(image => image.conversationId === conversationId);
  }
}

const keyOf = (conversationId: string, id: string): string => `${conversationId}/${id}`;
