import { expect, test } from 'vitest';
import { plainPresentation, presentedSize } from '../types/presentation.ts';
import { findPlaces } from './answer-boxes.ts';
import { askedRegions } from './asked-regions.ts';
import { agreementOf, placeInImage } from './compare-places.ts';

const image = { width: 1000, height: 500 };
const region = { x: 100, y: 50, width: 200, height: 100 };
const box = { kind: 'box', extent: region } as const;

test('a box that a model gives back as it was asked about is the reader’s own, however the picture is turned', () => {
  for (const turns of [0, 1, 2, 3] as const) {
    for (const isFlipped of [false, true]) {
      const presentation = { ...plainPresentation, turns, isFlipped, region };
      const [asked] = askedRegions([{ ...image, presentation }]);
      const answer = `<ref>it</ref><box>[[${asked!.box.join(', ')}]]</box>`;
      const [found] = findPlaces(answer, presentedSize(image, presentation));
      const agreement = agreementOf(placeInImage(found!, image, presentation), box);
      expect(agreement).toEqual({ kind: 'overlap', share: expect.closeTo(1, 9) });
    }
  }
});

test('points and boxes', () => {
  const at = (x: number, y: number) => ({ kind: 'point', at: [x, y] }) as const;
  expect(agreementOf(at(150, 60), box)).toEqual({ kind: 'hit', isInside: true });
  expect(agreementOf(at(99, 60), box)).toEqual({ kind: 'hit', isInside: false });
  expect(agreementOf(box, at(300, 150))).toEqual({ kind: 'hit', isInside: true });
  expect(agreementOf(box, { kind: 'arrow', from: [150, 60], to: [301, 60] })).toEqual({
    ...{ kind: 'hit', isInside: false },
  });
  expect(agreementOf(at(3, 4), at(0, 0))).toEqual({ kind: 'distance', pixels: 5 });
});
