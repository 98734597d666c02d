import { expect, test } from 'vitest';
import { viewsOf } from '../../../test/support/image-views.ts';
import type { VisionProgress } from '../../client/index.ts';
import { visionUseOf } from '../testing/fixtures.ts';
import { visionInWords, visionShare, visionUseInWords } from './vision.ts';

test.each<[VisionProgress, string, number | null]>([
  [{ phase: 'decoding', image: 1, images: 1 }, 'Decoding the image', null],
  [{ phase: 'decoding', image: 1, images: 2 }, 'Decoding image 1 of 2', null],
  [{ phase: 'decoding', image: 2, images: 3 }, 'Decoding image 2 of 3', null],
  [{ phase: 'tiles', image: 1, images: 1, done: 2, total: 19 }, 'Image tile 3 of 19', 2 / 19],
  [{ phase: 'tiles', image: 1, images: 1, done: 19, total: 19 }, 'Image tile 19 of 19', 1],
  [{ phase: 'tiles', image: 2, images: 2, done: 0, total: 7 }, 'Image 2 of 2, tile 1 of 7', 0],
  [{ phase: 'tiles', image: 1, images: 1, done: 0, total: 0 }, 'Image tile 0 of 0', null],
  [{ phase: 'compressing', done: 1, total: 2 }, 'Choosing tokens', 0.5],
])('%j is “%s”', (progress, words, share) => {
  expect([visionInWords(progress), visionShare(progress)]).toEqual([words, share]);
});

const [use] = visionUseOf('a').images;
const large = viewsOf({ width: 4000, height: 3000 }, { detailed: [4, 3], adaptive: [3, 2] });

test.each([
  [visionUseOf('a'), '19 tiles, 304 tokens'],
  [
    visionUseOf('a', {
      images: [
        { ...use!, views: large, keptTokens: 4864 },
        { ...use!, views: large.slice(-1), keptTokens: 256 },
      ],
    }),
    '20 tiles, 5,120 tokens',
  ],
  [
    visionUseOf('a', { images: [{ ...use!, views: large, keptTokens: 3328 }], compressed: true }),
    '19 tiles; compressed: 3,328 of 4,864 tokens kept',
  ],
])('%#: what the model saw', (vision, words) => {
  expect(visionUseInWords(vision)).toBe(words);
});
