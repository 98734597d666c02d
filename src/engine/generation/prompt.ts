import type { FeatureRun, ImageFeatures } from '../models/tensors/image-features.ts';
import type { PromptPart } from '../templates/conversation.ts';
import { addsBos, type Template } from '../templates/template.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { ImageView } from '../types/image-views.ts';

/** An image as it goes into a prompt: all of its rows, or those that were kept. */
export interface PromptImage {
  features: ImageFeatures;
  /** What the rows of its features show, one view after the other. */
  views: readonly ImageView[];
  /** Rows of the features, ascending. */
  rows: Uint32Array;
}

/** An image's place in a prompt. */
export interface PlacedImage extends PromptImage {
  /** Position of its first visual token; its rows follow each other from there. */
  first: number;
}

/** What a model reads: token ids, some of whose embeddings are rows of images. */
export interface Prompt {
  ids: readonly number[];
  /** What identifies each position's content in the KV cache: the token, or a negative number for a row of an image. */
  keys: readonly number[];
  images: readonly PlacedImage[];
}

export function textPrompt(ids: readonly number[]): Prompt {
  return { ids, keys: ids, images: [] };
}

/** More rows than an image can have. */
const rowsPerSerial = 2 ** 20;

/**
 * The ids of a rendered prompt with `images` placed, in order, on its runs of visual tokens. Only a template writes those:
 * in what people write, `<IMG_CONTEXT>` is text.
 * @param template one with places for images, where there are any
 */
export function encodePrompt(
  tokenizer: Tokenizer,
  parts: readonly PromptPart[],
  template: Pick<Template, 'bos' | 'images'>,
  images: readonly PromptImage[],
): Prompt {
  const ids = tokenizer.encodeParts(parts, { addBos: addsBos(template, tokenizer) });
  if (images.length === 0) return textPrompt(ids);
  return placeImages(ids, tokenizer.idOf(template.images!.token)!, images);
}

/** Ids with `images` placed, in order, on their runs of the visual token. */
export function placeImages(
  ids: readonly number[],
  visualToken: number,
  images: readonly PromptImage[],
): Prompt {
  const keys = [...ids];
  const placed: PlacedImage[] = [];
  let position = 0;
  for (const image of images) {
    position = ids.indexOf(visualToken, position);
    placed.push({ first: position, ...image });
    for (const row of image.rows) keys[position++] = -1 - (image.features.serial * rowsPerSerial + row);
  }
  return { ids, keys, images: placed };
}

/** The parts of a prompt of `tokens` ids: the start piece is one too where the template has not written it. */
export function withStart(parts: readonly PromptPart[], tokens: number, tokenizer: Tokenizer): PromptPart[] {
  const isAdded = tokens > tokenizer.encodeParts(parts).length;
  return isAdded ? [{ text: tokenizer.pieceText(tokenizer.bosId!), special: true }, ...parts] : [...parts];
}

/** The rows of images that take the place of embeddings at positions start .. start + count - 1. */
export function featureRuns({ images }: Prompt, start: number, count: number): FeatureRun[] {
  const runs: FeatureRun[] = [];
  for (const { first, features, rows } of images) {
    const from = Math.max(0, start - first);
    const to = Math.min(rows.length, start + count - first);
    for (let i = from; i < to; i++) {
      const last = runs.at(-1);
      const at = first + i - start;
      if (last?.features === features && last.row + last.count === rows[i]! && last.at + last.count === at) {
        last.count++;
      } else {
        runs.push({ at, count: 1, features, row: rows[i]! });
      }
    }
  }
  return runs;
}

/** All rows of an image. */
export function allRows({ tokens }: ImageFeatures): Uint32Array {
  return Uint32Array.from({ length: tokens }, (_, i) => i);
}
