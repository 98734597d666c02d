import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fixture } from '../../../test/support/data.ts';
import { makePng } from '../../../test/support/images.ts';
import { plainPresentation } from '../../engine/types/presentation.ts';
import { viewsOf } from '../../imaging/choose-views.ts';
import { prepareTiles } from '../../imaging/prepare-tiles.ts';
import { OpenImages } from '../../worker/engine/open-images.ts';
import { parseArguments } from './arguments.ts';
import { decodeInNode } from './decode-image.ts';
import { imageFile } from './images.ts';
import { noOptions, presentationOptions, readPresentationOptions } from './presentation.ts';

const read = (...argv: string[]) => readPresentationOptions(parseArguments(argv, presentationOptions));

describe('options', () => {
  test('nothing asked for is the file as it is', () => {
    expect(read()).toBe(noOptions);
  });

  test('frame, window and region', () => {
    expect(read('--frame', '3', '--window', '-600,1500', '--region', '1,2,3,4')).toEqual({
      frame: 3,
      window: { kind: 'level', centre: -600, width: 1500, function: 'LINEAR' },
      region: { x: 1, y: 2, width: 3, height: 4 },
    });
    expect(read('--window', '40.5, 0.5, linear_exact').window).toMatchObject({
      ...{ centre: 40.5, width: 0.5, function: 'LINEAR_EXACT' },
    });
    expect(read('--window', 'ct-lung').window).toBe('ct-lung');
  });

  test.each([
    ['--frame', '-1'],
    ['--frame', '1.5'],
    ['--window', '40'],
    ['--window', '40,'],
    ['--window', '40,0.5'],
    ['--window', '40,400,CUBIC'],
    ['--window', '40,400,LINEAR,1'],
    ['--region', '1,2,3'],
    ['--region', '1,2,3,4,5'],
    ['--region', '1,2,0,4'],
    ['--region', '1.5,2,3,4'],
    ['--region', 'all'],
  ])('%s %s is refused', (option, value) => {
    expect(() => read(`${option}=${value}`)).toThrow(expect.objectContaining({ code: 'invalid-request' }));
  });
});

describe('an image file', () => {
  const png = makePng({
    width: 300,
    height: 200,
    colourType: 0,
    bitDepth: 16,
    sample: (x, y) => [x * 5 + y * 3],
  });
  let folder: string;
  let path: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bedside-'));
    path = join(folder, 'deep.png');
    await writeFile(path, png);
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('gives the tiles that the worker of the page makes of the same presentation', async () => {
    const image = await imageFile(path, read('--window', '900,700', '--region', '40,50,30,20'));
    const vision = { tileSize: 112, tokensPerTile: 16 };
    const views = viewsOf(image, image.presentation, vision, { mode: 'msac', preset: 'demo' });
    expect(views.map(({ name }) => name)).toEqual(['detailed', 'adaptive', 'overview', 'region']);
    const images = new OpenImages(async file => {
      const bytes = new Uint8Array(await file.arrayBuffer());
      return { ...(await decodeInNode(bytes)), bytes };
    });
    const picture = await images.pictureOf({
      id: image.id,
      blob: new Blob([Uint8Array.from(png)]),
      presentation: image.presentation,
    });
    expect(await prepareTiles(await image.decode(), views, { resample: 'bicubic' })).toEqual(
      await prepareTiles(picture, views, { resample: 'bicubic' }),
    );
  });

  test('knows the windows that it offers by name', async () => {
    const { presentation } = await imageFile(path, read('--window', 'range'));
    expect(presentation).toEqual({ ...plainPresentation, window: { kind: 'range' } });
    await expect(imageFile(path, read('--window', 'ct-lung'))).rejects.toMatchObject({
      code: 'invalid-request',
      message: expect.stringContaining('default, range'),
    });
  });

  test('may be a DICOM file, shown by a window of its own', async () => {
    const dicom = fixture('dicom/ts-rle.dcm');
    const { presentation, decode, width, height } = await imageFile(dicom, read('--window', 'ct-lung'));
    expect(presentation.window).toEqual({ kind: 'level', centre: -600, width: 1500, function: 'LINEAR' });
    const same = await imageFile(dicom, read('--window', '-600,1500'));
    expect(await decode()).toEqual(await same.decode());
    expect(await decode()).toMatchObject({ width, height });
  });

  test('refuses what the file does not have when it is decoded', async () => {
    const image = await imageFile(path, read('--frame', '2'));
    await expect(image.decode()).rejects.toMatchObject({ code: 'invalid-request' });
    const outside = await imageFile(path, read('--region', '290,0,20,20'));
    await expect(outside.decode()).rejects.toMatchObject({ code: 'invalid-request' });
  });
});
