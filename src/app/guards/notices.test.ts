import { expect, test } from 'vitest';
import { type Guarded, type GuardedImage, noticesOf } from './notices.ts';

const quiet: Guarded = { question: 'What is asthma?', droppedMessages: 0, images: [] };
const ids = (changes: Partial<Guarded>) => noticesOf({ ...quiet, ...changes }).map(({ id }) => id);
const image = (changes: Partial<GuardedImage>): GuardedImage => ({
  name: 'a.png',
  width: 1000,
  height: 1000,
  bytes: 500_000,
  format: 'png',
  ...changes,
});
const english = { name: 'Nano', languages: ['en'] };

test('nothing is said of what is as usual', () => {
  expect(ids({})).toEqual([]);
  expect(ids({ model: english, images: [image({ seenWidth: 896, poor: null })] })).toEqual([]);
  expect(ids({ images: [image({ format: 'jpeg', bytes: 200_000 })] })).toEqual([]);
});

test('an emergency comes first and is urgent', () => {
  const [first] = noticesOf({ ...quiet, question: 'I have chest pain right now', droppedMessages: 2 });
  expect(first).toMatchObject({ id: 'emergency', isUrgent: true });
  expect(first!.words).toContain('call your local emergency number');
  expect(first!.words).toContain('not for emergencies');
});

test('a language that the model is not made for is named', () => {
  const question = 'Was sind die Symptome von Asthma und wie wird es behandelt?';
  expect(noticesOf({ ...quiet, question, model: english })[0]!.words).toBe(
    'This seems to be German; Nano is made for English and may answer worse.',
  );
  expect(ids({ question })).toEqual([]);
});

test('what is lost of an image, or was never in it', () => {
  expect(ids({ images: [image({ width: 4000, seenWidth: 448 })] })).toEqual(['shrunk a.png']);
  expect(ids({ images: [image({ format: 'jpeg', bytes: 30_000 })] })).toEqual(['lossy a.png']);
  expect(ids({ images: [image({ bytes: 30_000 })] })).toEqual([]);
  // One thing of an image is enough.
  expect(ids({ images: [image({ poor: 'uniform', width: 4000, seenWidth: 448 })] })).toEqual([
    'uniform a.png',
  ]);
});

test('what no longer fits is counted', () => {
  expect(noticesOf({ ...quiet, droppedMessages: 1 })[0]!.words).toContain(
    '1 earlier message no longer counted',
  );
});
