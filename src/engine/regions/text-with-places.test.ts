import { expect, test } from 'vitest';
import { findPlaces } from './answer-boxes.ts';
import { textWithPlaces, withoutOpenTag } from './text-with-places.ts';

const picture = { width: 333, height: 200 };
const read = (answer: string) => textWithPlaces(answer, findPlaces(answer, picture));

test.each([
  ['nothing', 'No place at all: [1, 2, 3, 4].', 'No place at all: [1, 2, 3, 4].'],
  [
    'a tag with its name',
    'There is <ref>a nodule</ref><box>[[0, 500, 1000, 1000]]</box> on the left.',
    'There is a nodule (place 1) on the left.',
  ],
  [
    'several boxes of one name',
    '<ref>ribs</ref><box>[[0,0,500,500],[500,500,1000,1000]]</box>, <ref>heart</ref><box>[[0,0,9,9]]</box>',
    'ribs (places 1, 2), heart (place 3)',
  ],
  ['a box without a name', 'Here: <box>[[0, 0, 1000, 10]]</box>.', 'Here: (place 1).'],
  [
    'an object in a sentence',
    'See {"box_2d": [0, 0, 10, 1000], "label": "the\\n tip"}.',
    'See the tip (place 1).',
  ],
  [
    'a list in a fence',
    'Two:\n```json\n[\n  {"box_2d": [500, 0, 1000, 1000], "label": "effusion"},\n  {"box_2d": [0, 0, 9, 9], "label": "tip"}\n]\n```\nThat is all.',
    'Two:\n- effusion (place 1)\n- tip (place 2)\nThat is all.',
  ],
  [
    'a list without one',
    '[{"bbox_2d": [1, 2, 3, 4], "label": "stone"}, {"point_2d": [5, 6], "label": "tip"}]',
    'stone (place 1), tip (place 2)',
  ],
  [
    'code with more in it',
    '```json\n{"findings": 1}\n{"box_2d": [0, 0, 9, 9], "label": "tip"}\n```',
    '```json\n{"findings": 1}\ntip (place 1)\n```',
  ],
])('%s', (_, answer, words) => expect(read(answer)).toBe(words));

test('what cannot be drawn stays as it was written', () => {
  for (const answer of ['<ref>x</ref><box>[[500, 500, 100, 100]]</box>', '<box>[[1, 2, 3]]</box>']) {
    expect(read(answer)).toBe(answer);
  }
});

test('a tag that is being written is not shown until it is whole', () => {
  const whole = 'It is <ref>a nodule</ref><box>[[0, 500, 1000, 1000]]</box>';
  const begun = whole.indexOf('<ref>') + '<ref>'.length;
  for (let end = begun; end < whole.length; end++) {
    expect(withoutOpenTag(whole.slice(0, end))).toBe('It is ');
  }
  expect(withoutOpenTag(whole)).toBe(whole);
  for (const text of ['a < b', 'x <p', '<box>1</box> and more', `<box>${'1'.repeat(600)}`]) {
    expect(withoutOpenTag(text)).toBe(text);
  }
});
