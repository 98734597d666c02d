/** What the processor does before the GPU: an image into tiles, a text into tokens, blocks into planes. `npm run bench:host`. */
import { readFileSync } from 'node:fs';
import { bench, describe } from 'vitest';
import { bytesSource } from '../src/engine/formats/byte-source.ts';
import { parseGguf } from '../src/engine/formats/gguf.ts';
import { PlaneRoom } from '../src/engine/kernels/matrix.ts';
import type { GgmlTypeName } from '../src/engine/quant/block-formats.ts';
import { placements } from '../src/engine/quant/gpu-formats.ts';
import { sampleTensorBytes } from '../src/engine/quant/sample-blocks.ts';
import { createTokenizer } from '../src/engine/tokenizer/tokenizer.ts';
import { readVocabulary } from '../src/engine/tokenizer/vocabulary.ts';
import { prepareTiles } from '../src/imaging/prepare-tiles.ts';
import { bundledModel } from '../test/support/data.ts';
import { viewsOf } from '../test/support/image-views.ts';
import { randomBytes } from '../test/support/random.ts';

describe('on one core', async () => {
  const image = { width: 4096, height: 4096, data: randomBytes(4096 * 4096 * 3, 1) };
  bench('19 tiles of 448 pixels from 4096 x 4096', async () => {
    await prepareTiles(image, viewsOf(image, { detailed: [4, 3], adaptive: [3, 2] }), {
      resample: 'bicubic',
    });
  });

  const { metadata } = await parseGguf(bytesSource(readFileSync(bundledModel)));
  const tokenizer = createTokenizer(readVocabulary(metadata));
  for (const unit of ['The patient presented with chest pain.\n', 'a', ' ', '💊']) {
    const text = unit.repeat(Math.ceil(200_000 / unit.length));
    bench(`200 kB of ${JSON.stringify(unit)} into tokens`, () => void tokenizer.encode(text));
  }

  const [rows, columns] = [256, 4096];
  const room = new PlaneRoom();
  for (const [type, { format, repack }] of Object.entries(placements)) {
    const source = sampleTensorBytes(type as GgmlTypeName, rows * columns, 1);
    const lengths = format.planeBytes(columns).map(bytes => rows * bytes);
    bench(`a million weights of ${type} into planes`, () => {
      repack(source, rows, columns, room.take(lengths));
    });
  }
});
