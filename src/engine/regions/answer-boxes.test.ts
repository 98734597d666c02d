import { describe, expect, test } from 'vitest';
import { findPlaces, inThousandths } from './answer-boxes.ts';

const picture = { width: 333, height: 200 };
const boxes = (answer: string, given?: { width: number; height: number }) =>
  findPlaces(answer, picture, given).map(({ label, place }) => [
    label,
    place.kind === 'box'
      ? [
          place.extent.x,
          place.extent.y,
          place.extent.x + place.extent.width,
          place.extent.y + place.extent.height,
        ]
      : [...place.at],
  ]);

describe('InternVL', () => {
  test('a box with what it is, wherever it stands', () => {
    const answer = 'There is <ref>a nodule</ref><box>[[0, 500, 1000, 1000]]</box> in the left lung.';
    expect(boxes(answer)).toEqual([['a nodule', [0, 100, 333, 200]]]);
    const [found] = findPlaces(answer, picture);
    expect(answer.slice(found!.start, found!.end)).toBe(
      '<ref>a nodule</ref><box>[[0, 500, 1000, 1000]]</box>',
    );
    expect(found!.form).toBe('internvl');
  });

  test('several boxes of one, without a name, and with one bracket', () => {
    expect(boxes('<ref>ribs</ref><box>[[0,0,500,500],[500, 500, 1000, 1000]]</box>')).toEqual([
      ['ribs', [0, 0, 166.5, 100]],
      ['ribs', [166.5, 100, 333, 200]],
    ]);
    expect(boxes('<box>[[ 0, 0, 1000, 10 ]]</box> and <box>[0, 10, 1000, 20]</box>')).toEqual([
      ['', [0, 0, 333, 2]],
      ['', [0, 2, 333, 4]],
    ]);
  });

  test('a name belongs to the box that follows it at once', () => {
    expect(boxes('<ref>heart</ref> is here: <box>[[0, 0, 1000, 1000]]</box>')).toEqual([
      ['', [0, 0, 333, 200]],
    ]);
  });
});

describe('Gemma', () => {
  test('y before x, in a fence, a list or a sentence', () => {
    const answer =
      'Here:\n```json\n[{"box_2d": [500, 0, 1000, 1000], "label": "effusion"}]\n```\nand {"box_2d": [0, 0, 10, 1000]}.';
    expect(boxes(answer)).toEqual([
      ['effusion', [0, 100, 333, 200]],
      ['', [0, 0, 333, 2]],
    ]);
    expect(findPlaces(answer, picture).map(({ form }) => form)).toEqual(['gemma', 'gemma']);
  });
});

describe('Qwen', () => {
  test('pixels of the picture, or of the one that it was given', () => {
    const answer = '{"bbox_2d": [10, 20, 30, 40], "label": "stone"} {"point_2d": [5, 6], "label": "tip"}';
    expect(boxes(answer)).toEqual([
      ['stone', [10, 20, 30, 40]],
      ['tip', [5, 6]],
    ]);
    expect(boxes(answer, { width: 666, height: 400 })).toEqual([
      ['stone', [5, 10, 15, 20]],
      ['tip', [2.5, 3]],
    ]);
  });
});

test('all forms in one answer, in the order in which they stand', () => {
  const answer =
    '{"bbox_2d": [1, 2, 3, 4]} <box>[[0, 0, 1000, 1000]]</box> {"box_2d": [0, 0, 1000, 1000]} {"point_2d": [1, 1]}';
  expect(findPlaces(answer, picture).map(({ form }) => form)).toEqual(['qwen', 'internvl', 'gemma', 'qwen']);
});

test.each([
  ['four numbers in a sentence', 'The lesion is at [421, 351, 505, 470].'],
  ['a name alone', '<ref>nodule</ref>'],
  ['a box that is not closed', '<box>[[1, 2, 3, 4]]'],
  ['three numbers', '<box>[[1, 2, 3]]</box> {"box_2d": [1, 2, 3]}'],
  ['five numbers', '<box>[[1, 2, 3, 4, 5]]</box> {"box_2d": [1, 2, 3, 4, 5]} {"bbox_2d": [1, 2, 3, 4, 5]}'],
  ['two numbers where a box belongs', '<box>[[1, 2]]</box> {"bbox_2d": [1, 2]}'],
  ['four numbers where a point belongs', '{"point_2d": [1, 2, 3, 4]}'],
  ['words for numbers', '<box>[[one, 2, 3, 4]]</box> {"box_2d": ["1", 2, 3, 4]}'],
  ['nothing', '<box>[[]]</box> <box></box> <box>[]</box> {"box_2d": []} {"box_2d": null}'],
  ['exchanged corners', '<box>[[500, 500, 100, 100]]</box> {"box_2d": [900, 0, 100, 1000]}'],
  ['no area', '<box>[[100, 100, 100, 500]]</box>'],
  ['outside', '<box>[[0, 0, 1001, 10]]</box> {"bbox_2d": [0, 0, 334, 10]} <box>[[-1, 0, 5, 5]]</box>'],
  ['what is no JSON', "{'box_2d': [1, 2, 3, 4]} {box_2d: [1, 2, 3, 4]} {"],
  ['a box of another name', '{"box": [1, 2, 3, 4]}'],
])('%s is no box', (_, answer) => {
  expect(findPlaces(answer, picture)).toEqual([]);
});

test('what is nested without end is read in good time', () => {
  expect(findPlaces(`${'<box>['.repeat(20_000)}${'{'.repeat(20_000)}${'['.repeat(20_000)}`, picture)).toEqual(
    [],
  );
});

test('a box in thousandths of the picture, never beyond it', () => {
  expect(inThousandths({ x: 0, y: 100, width: 333, height: 100 }, picture)).toEqual([0, 500, 1000, 1000]);
  expect(inThousandths({ x: 0.2, y: 0, width: 400, height: 1 }, picture)).toEqual([1, 0, 1000, 5]);
  const written = inThousandths({ x: 33.3, y: 20, width: 66.6, height: 40 }, picture);
  const [found] = findPlaces(`<box>[[${written.join(', ')}]]</box>`, picture);
  expect(found!.place).toMatchObject({ kind: 'box', extent: { x: 33.3, y: 20, height: 40 } });
});
