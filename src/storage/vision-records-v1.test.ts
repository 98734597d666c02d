import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { viewsOf } from '../../test/support/image-views.ts';
import { countTiles, countTokens, type Grid, type SeenView } from '../engine/types/image-views.ts';
import type { TilingPreset } from '../engine/types/tiling.ts';
import { chooseViews } from '../imaging/choose-views.ts';
import { msacPresets } from '../imaging/grids.ts';
import { conversationVersion, readConversation, readMessage } from './conversation-records.ts';
import { readTree } from './read-tree.ts';
import { visionUse, withRectangles } from './vision-records.ts';

const image = { id: 'a'.repeat(64), name: 'scan.png', width: 640, height: 480 };

/** As versions before 2 stored what was seen. */
const use1 = (detailed: Grid, adaptive: Grid, tokensPerTile = 16, more: object = {}) => {
  const tiles =
    countTiles([{ grid: detailed }, { grid: adaptive }].filter(view => countTiles([view]) > 1)) + 1;
  const visualTokens = tiles * tokensPerTile;
  return {
    id: image.id,
    detailed,
    adaptive,
    tiles,
    visualTokens,
    keptTokens: visualTokens,
    cached: false,
    ...more,
  };
};
const vision1 = (use: object, more: object = { tileSize: 112 }) => ({
  images: [use],
  decodeMs: 1,
  encodeMs: 2,
  compressed: false,
  ...more,
});

const withoutRectangles = (views: readonly SeenView[]) => views.map(({ rectangle: _, ...view }) => view);
const encoder = { tileSize: 112, tokensPerTile: 16 };

describe('what version 1 stored is told in views', () => {
  const both = { detailed: [4, 3], adaptive: [3, 2] } as const;
  test.each([
    ['two grids', use1([4, 3], [3, 2]), both],
    ['one grid', use1([4, 3], [1, 1]), { detailed: [4, 3] }],
    ['the second grid alone', use1([1, 1], [3, 2]), { adaptive: [3, 2] }],
    ['no grid', use1([1, 1], [1, 1]), {}],
  ] as const)('%s', (_, use, grids) => {
    const read = visionUse(vision1(use))!;
    expect(read).toEqual({
      images: [
        {
          id: image.id,
          views: withoutRectangles(viewsOf(image, grids, encoder)),
          keptTokens: use.visualTokens,
          cached: false,
        },
      ],
      decodeMs: 1,
      encodeMs: 2,
      compressed: false,
    });
  });

  test('compressed, and from what was there of an earlier question', () => {
    const use = use1([4, 3], [3, 2], 16, { keptTokens: 208, cached: true });
    const read = visionUse(vision1(use, { tileSize: 112, compressed: true }))!;
    expect(read.compressed).toBe(true);
    expect(read.images).toMatchObject([{ keptTokens: 208, cached: true }]);
  });

  test('without the size of the tiles, as the earliest versions', () => {
    const read = visionUse(vision1(use1([4, 3], [3, 2]), {}))!;
    expect(countTiles(read.images[0]!.views)).toBe(19);
    for (const view of read.images[0]!.views) expect(view).not.toHaveProperty('tile');
  });

  test.each([
    { detailed: [4] },
    { detailed: [1e9, 1e9] },
    { adaptive: undefined },
    { tiles: 0 },
    { visualTokens: -1 },
    { keptTokens: null },
    { cached: 'yes' },
  ])('but where it cannot be read: %j', wrong => {
    expect(visionUse(vision1({ ...use1([4, 3], [3, 2]), ...wrong }))).toBeUndefined();
  });
});

const presets = Object.keys(msacPresets) as TilingPreset[];
const side = fc.integer({ min: 16, max: 20_000 });

test('what any version 1 could have seen is what version 2 would see of the image', () => {
  fc.assert(
    fc.property(
      fc.record({ width: side, height: side }),
      fc.record({ mode: fc.constantFrom('msac', 'dynamic', 'single'), preset: fc.constantFrom(...presets) }),
      (size, tiling) => {
        const views = chooseViews(size, encoder, tiling);
        const gridOf = (wanted: string): Grid => views.find(({ name }) => name === wanted)?.grid ?? [1, 1];
        const read = visionUse(vision1(use1(gridOf('detailed'), gridOf('adaptive'))))!;
        const placed = withRectangles(read, new Map([[image.id, size]]));
        // To the order of the fields: two answers that saw the same are compared by it.
        expect(JSON.stringify(placed.images[0]!.views)).toBe(JSON.stringify(views));
      },
    ),
  );
});

test('views take as many tokens as were stored, whatever those are', () => {
  const gridSide = fc.integer({ min: 1, max: 64 });
  const anyGrid = fc.tuple(gridSide, gridSide);
  fc.assert(
    fc.property(
      anyGrid,
      anyGrid,
      fc.nat(),
      fc.integer({ min: 1, max: 4096 }),
      (detailed, adaptive, visualTokens, tiles) => {
        const { views } = visionUse(vision1({ ...use1(detailed, adaptive), visualTokens, tiles }))!
          .images[0]!;
        expect(countTokens(views)).toBe(visualTokens);
        for (const { tokens } of views) expect(tokens).toBeGreaterThanOrEqual(0);
      },
    ),
  );
});

describe('records of version 1', () => {
  const index = { v: 1, id: 'c', title: 'T', createdAt: 1, updatedAt: 2, rootIds: ['q'], currentLeafId: 'a' };
  const question = {
    v: 1,
    id: 'q',
    conversationId: 'c',
    parentId: null,
    role: 'user',
    text: 'Why?',
    createdAt: 1,
    images: [image],
  };
  const answer = {
    ...{ v: 1, id: 'a', conversationId: 'c', parentId: 'q', role: 'assistant', text: 'So.', createdAt: 2 },
    model: 'Seer',
    vision: vision1(use1([4, 3], [3, 2])),
  };

  test('are read as sound ones of this version', () => {
    expect(readConversation(index, 'c')).toEqual({ ...index, v: conversationVersion });
    expect(readMessage(question, 'c', 'q').message).toEqual({ ...question, v: conversationVersion });
    expect(readMessage(answer, 'c', 'a').message).not.toHaveProperty('condition');
  });

  test('of an answer: shows the whole image, whose size its question says', () => {
    const tree = readTree('c', index, [
      ['q', question],
      ['a', answer],
    ]);
    const { vision } = tree.messages[1]!;
    expect(vision!.images[0]!.views).toEqual(viewsOf(image, { detailed: [4, 3], adaptive: [3, 2] }, encoder));
    // What was read is stored as version 2, and read as it is.
    const { messages } = readTree(
      'c',
      tree.conversation,
      tree.messages.map(message => [message.id, message]),
    );
    expect(messages).toEqual(tree.messages);
  });

  test('of an answer whose question is lost: tells what was seen, not where', () => {
    const [message] = readTree('c', index, [['a', answer]]).messages;
    expect(message!.vision!.images[0]!.views).toEqual(
      withoutRectangles(viewsOf(image, { detailed: [4, 3], adaptive: [3, 2] }, encoder)),
    );
  });

  test('a record of a version after this one says so, and what of it can be read is shown', () => {
    const later = {
      ...answer,
      v: conversationVersion + 1,
      vision: { images: [{ id: image.id, regions: [] }] },
    };
    const { message } = readMessage(later, 'c', 'a');
    expect(message).toMatchObject({ text: 'So.', model: 'Seer', condition: 'later-version' });
    expect(message).not.toHaveProperty('vision');
  });
});
