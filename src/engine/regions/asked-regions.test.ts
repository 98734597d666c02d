import { expect, test } from 'vitest';
import { internVl2Chat } from '../templates/internvl2-chat.ts';
import { plainPresentation } from '../types/presentation.ts';
import { askedRegions } from './asked-regions.ts';

const region = { x: 100, y: 50, width: 200, height: 100 };
const image = { width: 1000, height: 500, presentation: { ...plainPresentation, region } };

test('boxes are of the picture that is shown, turned as it is', () => {
  const turned = { ...image, presentation: { ...image.presentation, turns: 1 as const } };
  expect(askedRegions([{ width: 10, height: 10 }, image, turned])).toEqual([
    { image: 1, box: [100, 100, 300, 300] },
    { image: 2, box: [700, 100, 900, 300] },
  ]);
  expect(askedRegions([{ width: 10, height: 10, presentation: plainPresentation }])).toEqual([]);
});

const textOf = (images: (typeof image)[], text: string) =>
  internVl2Chat.render({
    question: { role: 'user', text, images: images.map(() => 'x'), asksAbout: askedRegions(images) },
    earlier: [],
    system: '',
    imageTokens: () => 1,
  });

test('the prompt points to the region in front of the question, which stays as it was written', () => {
  const parts = textOf([image], 'What is <box>[[1, 2, 3, 4]]</box>?');
  expect(parts.map(({ text }) => text).join('')).toContain(
    '</img>\nThe question is about <ref>this region</ref><box>[[100, 100, 300, 300]]</box>.\nWhat is',
  );
  const written = parts.filter(({ text }) => text.includes('[[1, 2, 3, 4]]'));
  expect(written).toEqual([{ text: 'What is <box>[[1, 2, 3, 4]]</box>?', special: false }]);
});

test('of several images it says which', () => {
  const text = textOf([image, image], 'Compare.')
    .map(part => part.text)
    .join('');
  expect(text).toContain('<ref>this region of Image-1</ref>');
  expect(text).toContain('<ref>this region of Image-2</ref>');
});
