import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { convertBoth } from '../../test/support/convert-folder.ts';
import { dataFile, readJson } from '../../test/support/data.ts';
import { openAnyDevice } from '../../test/support/gpu.ts';
import { expectClose } from '../../test/support/run-kernels.ts';
import { decodeInNode } from '../cli/input/decode-image.ts';
import type { EngineDevice } from '../engine/device/device.ts';
import { bytesSource } from '../engine/formats/byte-source.ts';
import { visionNeeds } from '../engine/loading/kernel-needs.ts';
import { uploadEncoder } from '../engine/loading/upload-encoder.ts';
import { VisionEncoder } from '../engine/models/vision/vision-encoder.ts';
import { readVisionFile, type VisionFile } from '../engine/models/vision/vision-file.ts';
import { selfTest } from '../engine/self-test/self-test.ts';
import { defaultTiling } from '../engine/types/tiling.ts';
import { chooseViews } from './choose-views.ts';
import { prepareTiles } from './prepare-tiles.ts';

interface GoldenImage {
  file: string;
  resized_rgb_sha256: string;
  projected: { token_l2: number[]; first64: number[]; last64: number[]; all?: number[][] };
}

const folder = dataFile('testdata/families/medgemma-nano');
const golden = () =>
  readJson<{ images: Record<string, GoldenImage> }>(dataFile('testdata/families/golden/medgemma-nano.json')!)
    .images;

/** Between implementations in f32 about a tenth of it. */
const tolerance = 1e-4;

/**
 * PyTorch in float32 over the same weights, and Pillow's pixels. On SwiftShader an image is read with its language model
 * (`medgemma-golden.gpu.test.ts`): what takes time there is to compile kernels.
 */
describe.skipIf(!folder)('SigLIP of medgemma-nano on the processor (needs BEDSIDE_DATA)', () => {
  let device: EngineDevice;
  let encoder: VisionEncoder;
  let file: VisionFile;
  beforeAll(async () => {
    device = await openAnyDevice('processor');
    const source = bytesSource((await convertBoth(folder!, 'F16')).vision);
    file = await readVisionFile(source);
    await selfTest(device, visionNeeds(file));
    encoder = await VisionEncoder.allocate(device, file);
    await uploadEncoder(device, encoder, source);
    await encoder.prepare();
  });
  afterAll(() => device.destroy());

  it.each(['cxr', 'ihc', 'retina', 'small'])('%s: pixels and visual tokens', async name => {
    const { file: path, resized_rgb_sha256, projected } = golden()[name]!;
    const { image } = await decodeInNode(readFileSync(dataFile(`testdata/families/${path}`)!));
    const views = chooseViews(image, encoder.config, defaultTiling);
    expect(views.map(({ name: view, tokens }) => [view, tokens])).toEqual([['overview', 16]]);
    const tiles = await prepareTiles(image, views, encoder.config);
    expect(tiles.map(tile => createHash('sha256').update(tile).digest('hex'))).toEqual([resized_rgb_sha256]);
    const features = await encoder.encode(tiles);
    const values = await encoder.read(features);
    encoder.release(features);
    const width = encoder.config.projected;
    expectClose(values.subarray(0, 64), projected.first64, tolerance);
    expectClose(values.subarray(15 * width, 15 * width + 64), projected.last64, tolerance);
    const norms = projected.token_l2.map((_, i) =>
      Math.hypot(...values.subarray(i * width, (i + 1) * width)),
    );
    expectClose(norms, projected.token_l2, 8 * tolerance);
    if (projected.all) expectClose(values, projected.all.flat(), tolerance);
  });
});
