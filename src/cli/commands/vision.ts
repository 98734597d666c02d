import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { readBuffer } from '../../engine/device/readback.ts';
import { visionNeeds } from '../../engine/loading/kernel-needs.ts';
import { precompile } from '../../engine/loading/precompile.ts';
import { uploadEncoder } from '../../engine/loading/upload-encoder.ts';
import { VisionEncoder } from '../../engine/models/vision/vision-encoder.ts';
import { readVisionFile } from '../../engine/models/vision/vision-file.ts';
import { selfTest } from '../../engine/self-test/self-test.ts';
import { sentence } from '../../engine/sentence.ts';
import { viewsOf } from '../../imaging/choose-views.ts';
import { prepareTiles } from '../../imaging/prepare-tiles.ts';
import { badArgument, onlyWord, parseArguments } from '../input/arguments.ts';
import { fileSource } from '../input/file-source.ts';
import { imageFile, readTiling, tilingOptions } from '../input/images.ts';
import { openDevice } from '../input/open-device.ts';
import { presentationOptions, readPresentationOptions } from '../input/presentation.ts';
import { describeViews } from '../output/describe-views.ts';

/** An image's tiles and what the encoder makes of them; --out writes [tokens, width] as little-endian float32. */
export async function vision(argv: string[]): Promise<unknown> {
  const args = parseArguments(argv, {
    ...tilingOptions,
    ...presentationOptions,
    image: 'value',
    out: 'value',
  });
  const path = onlyWord(args, 'The mmproj file');
  const imagePath = args.text('image');
  if (imagePath === undefined) throw badArgument(sentence`image-is-missing: --image is missing.`);
  const tiling = readTiling(args);
  const image = await imageFile(imagePath, readPresentationOptions(args));
  const picture = await image.decode();

  const source = await fileSource(path);
  try {
    const file = await readVisionFile(source);
    const { projected } = file.config;
    const views = viewsOf(image, image.presentation, file.config, tiling);
    const tiles = await prepareTiles(picture, views, file.config);
    const device = await openDevice(args);
    const kernels = visionNeeds(file);
    precompile(device, kernels);
    await selfTest(device, kernels);
    const encoder = await VisionEncoder.allocate(device, file);
    await uploadEncoder(device, encoder, source);
    await encoder.prepare();
    const { buffer, stride, tokens } = await encoder.encode(tiles);
    const rows = new Float32Array(await readBuffer(device, buffer, tokens * stride * 4));
    const features = new Float32Array(tokens * projected);
    for (let t = 0; t < tokens; t++) {
      features.set(rows.subarray(t * stride, t * stride + projected), t * projected);
    }
    const out = args.text('out');
    if (out !== undefined) await writeFile(out, new Uint8Array(features.buffer));
    const perTile = features.length / tiles.length;
    return {
      adapter: device.report.adapter,
      ...describeViews(views),
      tileSha256: tiles.map(tile => createHash('sha256').update(tile).digest('hex')),
      featureNorms: tiles.map((_, i) => norm(features.subarray(i * perTile, (i + 1) * perTile))),
      shape: [tiles.length, tokens / tiles.length, projected],
    };
  } finally {
    await source.close();
  }
}

function norm(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}
