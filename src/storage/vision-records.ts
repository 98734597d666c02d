/** What messages store about images, and how it is checked when it is read again. */
import type { VisionUse } from '../engine/types.ts';
import { isRawObject } from './raw-object.ts';

/** An image that a question refers to. */
export interface MessageImage {
  /** SHA-256 (hex) of the file's bytes. */
  id: string;
  name: string;
  /** Pixels, upright. */
  width: number;
  height: number;
}

export function isMessageImage(value: unknown): value is MessageImage {
  return (
    isRawObject(value) &&
    typeof value.id === 'string' &&
    typeof value.name === 'string' &&
    isCount(value.width) &&
    isCount(value.height)
  );
}

export function isVisionUse(value: unknown): value is VisionUse {
  return (
    isRawObject(value) &&
    Array.isArray(value.images) &&
    value.images.every(isImageUse) &&
    typeof value.decodeMs === 'number' &&
    typeof value.encodeMs === 'number' &&
    typeof value.compressed === 'boolean' &&
    (value.tileSize === undefined || isCount(value.tileSize))
  );
}

function isImageUse(value: unknown): boolean {
  return (
    isRawObject(value) &&
    typeof value.id === 'string' &&
    isGrid(value.detailed) &&
    isGrid(value.adaptive) &&
    isCount(value.tiles) &&
    Number.isSafeInteger(value.visualTokens) &&
    Number.isSafeInteger(value.keptTokens) &&
    typeof value.cached === 'boolean'
  );
}

const isGrid = (value: unknown): boolean =>
  Array.isArray(value) && value.length === 2 && value.every(isCount);

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) > 0;
