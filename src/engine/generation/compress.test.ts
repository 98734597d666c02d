import { describe, expect, test } from 'vitest';
import type { LanguageModel } from '../models/language-model.ts';
import type { ScoredBlock } from '../models/llama/key-scorer.ts';
import type { ImageFeatures } from '../models/tensors/image-features.ts';
import type { ImageView } from '../types/image-views.ts';
import { chooseRows, keptCount } from './compress.ts';
import type { PlacedImage, Prompt } from './prompt.ts';

const viewOf = (name: string, tokens: number, isCompressible: boolean): ImageView => ({
  name,
  rectangle: { x: 0, y: 0, width: 64, height: 64 },
  grid: [1, 1],
  tile: { width: 64, height: 64 },
  tokens,
  isCompressible,
});

/** Views in an order that no tiling of today has, two of them compressible. */
const views = [
  viewOf('whole', 3, false),
  viewOf('left', 4, true),
  viewOf('right', 5, true),
  viewOf('last', 2, false),
];
const first = 10;

/** Its scorer likes the later ones of a block better, and writes down what it was asked. */
function modelWith(maxBlock: number) {
  const blocks: ScoredBlock[] = [];
  const model = {
    chunkTokens: 8,
    cache: { sharedPrefix: () => 0, truncate: () => 0 },
    scoreKeys: async () => true,
    keyScorer: {
      maxBlock,
      begin: (block: ScoredBlock) => blocks.push(block),
      read: async (count: number) => Float32Array.from({ length: count }, (_, i) => i),
    },
  } as unknown as LanguageModel;
  return { model, blocks };
}

const image: PlacedImage = {
  first,
  views,
  rows: Uint32Array.from({ length: 14 }, (_, row) => row),
  features: { serial: 1, tokens: 14 } as ImageFeatures,
};
const ids = new Array<number>(30).fill(0);
const prompt: Prompt = { ids, keys: ids, images: [image] };

describe('compression of any list of views', () => {
  test('keeps half of each that is compressible, and all of the others', async () => {
    const { model, blocks } = modelWith(100);
    expect([...(await chooseRows(model, prompt, image))]).toEqual([0, 1, 2, 5, 6, 10, 11, 12, 13]);
    // Each by what comes after it.
    expect(blocks).toEqual([
      { blockStart: first + 3, blockCount: 4, firstQuery: first + 7 },
      { blockStart: first + 7, blockCount: 5, firstQuery: first + 12 },
    ]);
    expect(keptCount(views)).toBe(9);
  });

  test('leaves whole what the scorer has no room for', async () => {
    const { model, blocks } = modelWith(4);
    expect([...(await chooseRows(model, prompt, image))]).toEqual([0, 1, 2, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
    expect(blocks).toHaveLength(1);
  });

  test('reads nothing where no view is compressible', async () => {
    const { model, blocks } = modelWith(100);
    const plain = views.map(view => ({ ...view, isCompressible: false }));
    expect([...(await chooseRows(model, prompt, { ...image, views: plain }))]).toEqual([...image.rows]);
    expect(blocks).toEqual([]);
    expect(keptCount(plain)).toBe(14);
  });

  test('drops one more behind each, as the reference does', async () => {
    const { model } = modelWith(4);
    const kept = await chooseRows(model, prompt, image, { dropsOneMore: true });
    expect([...kept]).toEqual([0, 1, 2, 5, 6, 8, 9, 10, 11, 12, 13]);
  });
});
