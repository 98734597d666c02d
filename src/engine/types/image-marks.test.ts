import { expect, it } from 'vitest';
import { imageMark, markedImages, placeMarkedImages, withMarksMoved } from './image-marks.ts';

const ask = (text: string, images: string[]) => placeMarkedImages({ role: 'user', text, images });

it('places images where the text marks them, those without a mark before it', () => {
  expect(ask('Before [Image 2] and now [Image 1].', ['a', 'b', 'c'])).toEqual({
    role: 'user',
    text: 'Before  and now .',
    images: ['c', 'b', 'a'],
    imagePlaces: [0, 7, 16],
  });
  expect(ask('[Image 1]', ['a'])).toMatchObject({ text: '', images: ['a'], imagePlaces: [0] });
});

it('takes the first mark of an image, and leaves what marks none', () => {
  const text = '[Image 1] [Image 1] [Image 0] [Image 3] [image 2]';
  expect(ask(text, ['a', 'b'])).toMatchObject({
    text: ' [Image 1] [Image 0] [Image 3] [image 2]',
    images: ['b', 'a'],
    imagePlaces: [0, 0],
  });
  expect(markedImages(text, 3)).toEqual([0, 2]);
});

it('changes nothing without marks, without images, or where places are said', () => {
  for (const message of [
    { role: 'user', text: 'What is there?', images: ['a'] },
    { role: 'user', text: 'What is [Image 1]?' },
    { role: 'user', text: '[Image 1]', images: ['a'], imagePlaces: [3] },
  ] as const)
    expect(placeMarkedImages(message as never)).toBe(message);
});

it('keeps what is asked about parts of images with those images', () => {
  const box = [0, 0, 500, 500] as const;
  const asksAbout = [0, 1].map(image => ({ image, box }));
  const placed = placeMarkedImages({
    role: 'user',
    text: 'Is [Image 1] worse?',
    images: ['a', 'b'],
    asksAbout,
  });
  expect(placed.images).toEqual(['b', 'a']);
  expect(placed.asksAbout).toEqual([
    { image: 1, box },
    { image: 0, box },
  ]);
});

it('follows images that change their places', () => {
  const text = `${imageMark(0)} then ${imageMark(1)} then ${imageMark(2)}`;
  const moved = withMarksMoved(text, place => [1, 0, undefined][place]);
  expect(moved).toBe('[Image 2] then [Image 1] then ');
});
