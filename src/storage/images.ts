/** Images in IndexedDB, beside the conversation that asks about them. Blobs: pixels stay out of memory until shown. */
import type { Database } from './database.ts';
import { isRawObject } from './raw-object.ts';

export interface StoredImage {
  v: 1;
  /** SHA-256 (hex) of the file's bytes. */
  id: string;
  conversationId: string;
  name: string;
  mediaType: string;
  blob: Blob;
  /** Pixels, upright. */
  width: number;
  height: number;
  isAnimated: boolean;
  createdAt: number;
}

export const imagePrefix = (conversationId: string): string => `image/${conversationId}/`;
const imageKey = (conversationId: string, id: string): string => `${imagePrefix(conversationId)}${id}`;

/** All images or none. */
export function saveImages(database: Database, images: readonly StoredImage[]): Promise<void> {
  return database.setMany(imageEntries(images));
}

export function imageEntries(images: readonly StoredImage[]): [key: string, value: unknown][] {
  return images.map(image => [imageKey(image.conversationId, image.id), image]);
}

export async function loadImage(
  database: Database,
  conversationId: string,
  id: string,
): Promise<StoredImage | undefined> {
  return migrateImage(await database.get(imageKey(conversationId, id)));
}

export async function loadImages(database: Database, conversationId: string): Promise<StoredImage[]> {
  const records = await database.getByPrefix(imagePrefix(conversationId));
  return records.map(migrateImage).filter(image => image !== undefined);
}

/** Reads a stored image of any version; undefined for what this version of Bedside cannot read. */
export function migrateImage(record: unknown): StoredImage | undefined {
  if (!isRawObject(record) || record.v !== 1) return undefined;
  const { id, conversationId, name, mediaType, blob, width, height, isAnimated, createdAt } = record;
  const valid =
    typeof id === 'string' &&
    /^[0-9a-f]{64}$/.test(id) &&
    typeof conversationId === 'string' &&
    typeof name === 'string' &&
    typeof mediaType === 'string' &&
    blob instanceof Blob &&
    blob.size > 0 &&
    [width, height].every(side => Number.isSafeInteger(side) && (side as number) > 0) &&
    typeof isAnimated === 'boolean' &&
    typeof createdAt === 'number';
  return valid ? (record as unknown as StoredImage) : undefined;
}
