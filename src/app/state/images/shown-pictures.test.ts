import { expect, test } from 'vitest';
import { plainPresentation } from '../../../client/index.ts';
import type { Services } from '../../services/services.ts';
import { ShownPictures, showsItself } from './shown-pictures.ts';

const picture = new Blob(['picture']);
const file = new Blob(['file'], { type: 'application/dicom' });
const window = { kind: 'range' } as const;

function setUp(render: () => Promise<Blob> = async () => picture) {
  const asked: unknown[] = [];
  const engine = {
    renderImageFile: (request: unknown) => {
      asked.push(request);
      return render();
    },
  } as unknown as Services['engine'];
  return { pictures: new ShownPictures(engine), asked };
}

test('a browser shows a file itself unless it is foreign to it, or is to be shown otherwise', () => {
  const png = new Blob([], { type: 'image/png' });
  const region = { x: 1, y: 2, width: 3, height: 4 };
  expect(showsItself({ blob: png })).toBe(true);
  expect(showsItself({ blob: png, presentation: { ...plainPresentation, region } })).toBe(true);
  expect(showsItself({ blob: png, presentation: { ...plainPresentation, window } })).toBe(false);
  expect(showsItself({ blob: file })).toBe(false);
  expect(showsItself({ blob: new Blob([], { type: 'image/png; depth=16' }) })).toBe(false);
});

test('each picture is drawn once, whichever region is asked about', async () => {
  const { pictures, asked } = setUp();
  const presentation = { ...plainPresentation, window };
  const region = { x: 1, y: 2, width: 3, height: 4 };
  expect(await pictures.find({ blob: file, id: 'a', presentation })).toBe(picture);
  await pictures.find({ blob: file, id: 'a', presentation: { ...presentation, region } });
  await pictures.find({ blob: file, id: 'a' });
  expect(asked).toEqual([
    { id: 'a', file, presentation },
    { id: 'a', file, presentation: plainPresentation },
  ]);
});

test('what could not be drawn is tried again', async () => {
  let isBroken = true;
  const { pictures } = setUp(() =>
    isBroken ? Promise.reject(new Error('broken')) : Promise.resolve(picture),
  );
  await expect(pictures.find({ blob: file, id: 'a' })).rejects.toThrow('broken');
  isBroken = false;
  expect(await pictures.find({ blob: file, id: 'a' })).toBe(picture);
});

test('pictures that were not shown for long are let go', async () => {
  const { pictures, asked } = setUp();
  for (let i = 0; i < 65; i++) await pictures.find({ blob: file, id: `${i}` });
  await pictures.find({ blob: file, id: '64' });
  expect(asked).toHaveLength(65);
  await pictures.find({ blob: file, id: '0' });
  expect(asked).toHaveLength(66);
});
