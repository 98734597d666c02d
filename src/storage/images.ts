/**
 * Images in IndexedDB, beside the conversation that asks about them. Blobs: pixels stay out of memory until shown (the
 * database keeps bytes where a browser refuses Blobs).
 */
import type { Database } from './database.ts';
import { isRawObject } from './raw-object.ts';
import { type FieldReaders, flag, readFields, text, time } from './record-fields.ts';
import { side } from './vision-records.ts';

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

const everyImage = 'image/';
export const isImageKey = (key: string): boolean => key.startsWith(everyImage);
/** Of an image's key. */
export const imageIdOf = (key: string): string => key.slice(key.lastIndexOf('/') + 1);
export const imagePrefix = (conversationId: string): string => `${everyImage}${conversationId}/`;
const imageKey = (conversationId: string, id: string): string => `${imagePrefix(conversationId)}${id}`;

/** All images or none. */
export function saveImages(database: Database, images: readonly StoredImage[]): Promise<void> {
  return database.setMany(images.map(image => [imageKey(image.conversationId, image.id), image]));
}

export async function loadImage(
  database: Database,
  conversationId: string,
  id: string,
): Promise<StoredImage | undefined> {
  return readImage(await database.get(imageKey(conversationId, id)), conversationId, id);
}

/**
 * Reads a stored image of any version: pixels that are there are shown, whatever else can be read of the record. Undefined where
 * there are none.
 */
export function readImage(record: unknown, conversationId: string, id: string): StoredImage | undefined {
  if (!isRawObject(record) || !(record.blob instanceof Blob) || record.blob.size === 0) return undefined;
  const { blob } = record;
  const { fields } = readFields<ImageFacts>(record, imageFacts);
  const { name = 'image', mediaType = blob.type, width = 1, height = 1, isAnimated = false } = fields;
  const { createdAt = 0 } = fields;
  return { v: 1, id, conversationId, name, mediaType, blob, width, height, isAnimated, createdAt };
}

type ImageFacts = Omit<StoredImage, 'v' | 'id' | 'conversationId' | 'blob'>;

const imageFacts: FieldReaders<ImageFacts> = {
  name: text,
  mediaType: text,
  width: side,
  height: side,
  isAnimated: flag,
  createdAt: time,
};
