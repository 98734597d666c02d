import type { EngineDevice } from '../gpu/device.ts';
import { type AttentionShape, createRopeAppend } from '../kernels/attention.ts';
import { encoderAttentionTwin, keyScoresTwin, storedTwin } from '../kernels/attention-twins.ts';
import { cacheBytes } from '../kernels/cache-format.ts';
import { createEncoderAttention, type EncoderAttentionShape } from '../kernels/encoder-attention.ts';
import { createKeyScores, keyScorePartialBytes } from '../kernels/key-scores.ts';
import { createLayerNorm } from '../kernels/layer-norm.ts';
import { createMatmul } from '../kernels/matmul.ts';
import { rotationTable } from '../kernels/rotation-table.ts';
import { epilogueTwin, layerNormTwin, linearTolerance, linearTwin } from '../kernels/twins.ts';
import { createPatches, createPixelShuffle, createPositions } from '../kernels/vision.ts';
import { patchesTwin, pixelShuffleTwin, positionsTwin } from '../kernels/vision-twins.ts';
import type { GgmlTypeName } from '../quant/block-formats.ts';
import { sampleNumbers } from '../quant/sample-blocks.ts';
import { requireSoundKernels, type SelfTestBench } from './self-test-bench.ts';

/**
 * Runs every kernel of the image encoder on a small problem and compares it with its scalar twin, as `selfTest` does for
 * the language model: a subgroup variant that fails is replaced by the plain one.
 * @param types of the encoder's matrices
 * @param language attention of the language model, where there is one whose visual tokens may be compressed
 * @throws `self-test-failed` naming the kernel, `gpu-error` for one that does not compile, `aborted`
 */
export async function visionSelfTest(
  device: EngineDevice,
  types: Iterable<GgmlTypeName>,
  shape: EncoderAttentionShape,
  language?: Omit<AttentionShape, 'pages'>,
  signal?: AbortSignal,
): Promise<void> {
  await requireSoundKernels(device, signal, async bench => {
    for (const type of types) {
      const failure = await epilogues(bench, type);
      if (failure) return failure;
    }
    return (
      (await layerNorm(bench)) ??
      (await rearrangements(bench)) ??
      (await attention(bench, shape)) ??
      (language && (await keyScores(bench, language)))
    );
  });
}

async function epilogues(bench: SelfTestBench, type: GgmlTypeName): Promise<string | undefined> {
  const [rows, columns, tokens] = [67, 256, 3];
  const { matrix, weights } = await bench.matrix(type, rows, columns);
  const x = sampleNumbers(tokens * columns, 2);
  // Without a product, what the last token shows is the epilogue to its last bits.
  x.fill(0, (tokens - 1) * columns);
  const xs = { buffer: await bench.buffer(x), stride: columns };
  const before = sampleNumbers(tokens * rows, 3);
  const bias = sampleNumbers(rows, 4).map(value => 2 * value);
  const layerScale = sampleNumbers(rows, 5);
  const state = await bench.state(0, tokens);
  const vectors = { bias: await bench.buffer(bias), layerScale: await bench.buffer(layerScale) };
  const products = linearTwin(weights, x, rows, columns);
  const productTolerance = linearTolerance(weights, x.subarray(0, columns)) * 1.5;
  const largestScale = layerScale.reduce((most, value) => Math.max(most, Math.abs(value)), 1.13);
  for (const [name, use, twin] of [
    ['bias', { bias: vectors.bias }, { bias }],
    ['bias and gelu', { bias: vectors.bias, gelu: true }, { bias, gelu: true }],
    ['bias and layer scale', vectors, { bias, layerScale }],
  ] as const) {
    const ys = { buffer: await bench.buffer(before), stride: rows };
    bench.run(await createMatmul(bench.device, matrix, xs, ys, state, { epilogue: use }), {
      position: 0,
      tokens,
    });
    const expected = epilogueTwin(products, twin, before);
    const tolerance = (i: number) => (i < (tokens - 1) * rows ? largestScale * productTolerance : 0) + 1e-5;
    if (!(await bench.agrees(ys.buffer, expected, tolerance))) return `matmul ${type}, ${name}`;
  }
  return undefined;
}

async function layerNorm(bench: SelfTestBench): Promise<string | undefined> {
  const [columns, tokens] = [1500, 3];
  const x = sampleNumbers(tokens * columns, 6).map(value => value + 2);
  const [weight, bias] = [sampleNumbers(columns, 7), sampleNumbers(columns, 8)];
  const xs = { buffer: await bench.buffer(x), stride: columns };
  const ys = { buffer: await bench.space(x.length), stride: columns };
  const [weights, biases] = [await bench.buffer(weight), await bench.buffer(bias)];
  const options = { columns, epsilon: 1e-6 };
  const state = await bench.state(0, tokens);
  const norm = await createLayerNorm(bench.device, xs, weights, biases, ys, state, options);
  bench.run([norm], { position: 0, tokens });
  const expected = layerNormTwin(x, weight, bias, options.epsilon);
  return (await bench.agrees(ys.buffer, expected, 1e-4)) ? undefined : 'layer-norm';
}

/** Two tiles of 12 x 12 pixels in patches of 3, hidden 40, in rows with padding. */
async function rearrangements(bench: SelfTestBench): Promise<string | undefined> {
  const { device } = bench;
  const [tile, side, hidden, stride] = [12, 4, 40, 64];
  const positions = side * side + 1;
  const tokens = 2 * positions;
  const step = { position: 0, tokens };
  const state = await bench.state(0, tokens);

  const pixels = Uint8Array.from({ length: 2 * tile * tile * 3 }, (_, i) => (i * 167) % 256);
  const colours = { mean: [0.5, 0.4, 0.3], std: [0.2, 0.3, 0.4] } as const;
  const cut = { tile, patch: tile / side, ...colours };
  const patches = { buffer: await bench.space(tokens * 32), stride: 32 };
  const words = await bench.buffer(new Uint32Array(pixels.buffer));
  bench.run([await createPatches(device, words, patches, state, cut)], step);
  const expected = padded(patchesTwin(pixels, cut), 27, 32);
  if (!(await bench.agrees(patches.buffer, expected, 1e-5))) return 'patches';

  const x = sampleNumbers(tokens * hidden, 9);
  const xs = { buffer: await bench.buffer(new Float32Array(padded(x, hidden, stride))), stride };
  const shuffled = { buffer: await bench.space(8 * 4 * hidden), stride: 4 * hidden };
  const shuffleState = await bench.state(0, 8);
  const shuffle = await createPixelShuffle(device, xs, shuffled, shuffleState, { side, hidden });
  bench.run([shuffle], { position: 0, tokens: 8 });
  if (!(await bench.agrees(shuffled.buffer, pixelShuffleTwin(x, side, hidden), 0))) return 'pixel-shuffle';

  const classEmbedding = sampleNumbers(hidden, 10);
  const table = sampleNumbers(positions * hidden, 11);
  const [first, rows] = [await bench.buffer(classEmbedding), await bench.buffer(table)];
  bench.run([await createPositions(device, xs, first, rows, state, { positions, hidden })], step);
  const placed = padded(positionsTwin(x, classEmbedding, table), hidden, stride);
  return (await bench.agrees(xs.buffer, placed, 1e-5)) ? undefined : 'positions';
}

function padded(values: ArrayLike<number>, columns: number, stride: number): Float64Array {
  const out = new Float64Array((values.length / columns) * stride);
  for (let i = 0; i < values.length; i++) out[Math.floor(i / columns) * stride + (i % columns)] = values[i]!;
  return out;
}

/** The model's own pipeline, on rows enough for two blocks of queries, and on a second tile where tiles are small. */
async function attention(bench: SelfTestBench, model: EncoderAttentionShape): Promise<string | undefined> {
  const { heads, headDim, positions } = model;
  const tokens = Math.min(70, positions + 5);
  const count = tokens * heads * headDim;
  const [q, k, v] = [sampleNumbers(count, 12), sampleNumbers(count, 13), sampleNumbers(count, 14)];
  const buffers = {
    q: await bench.buffer(q),
    k: await bench.buffer(k),
    v: await bench.buffer(v),
    out: await bench.space(count),
  };
  const shape = { heads, headDim, positions };
  const attend = await createEncoderAttention(bench.device, shape, buffers, await bench.state(0, tokens));
  bench.run([attend], { position: 0, tokens });
  const expected = encoderAttentionTwin(q, k, v, shape);
  return (await bench.agrees(buffers.out, expected, 1e-4)) ? undefined : 'attention of the image encoder';
}

/**
 * The model's own pipelines. Two steps; the first query that counts is inside the first, in the middle of a workgroup's
 * queries; the block goes over a page border, with the pages in swapped order, and some queries are inside it.
 */
async function keyScores(
  bench: SelfTestBench,
  model: Omit<AttentionShape, 'pages'>,
): Promise<string | undefined> {
  const { device } = bench;
  const shape: AttentionShape = { ...model, pages: 2 };
  const block = { firstQuery: 53, blockStart: 30, blockCount: 40 };
  const [steps, total] = [[66, 20], 86];
  const [qWidth, kvWidth] = [shape.heads * shape.headDim, shape.kvHeads * shape.headDim];
  const q = sampleNumbers(total * qWidth, 15);
  // Stored once before, and so stored without loss: the twin knows what the cache holds on every device.
  const k = storedTwin(sampleNumbers(total * kvWidth, 16), shape.headDim, shape.cache);
  const cacheWords = cacheBytes(shape) / 4;
  const cache = { keys: await bench.space(cacheWords), values: await bench.space(cacheWords) };
  const partialWords = keyScorePartialBytes(shape, Math.max(...steps), block.blockCount) / 4;
  const { firstQuery, blockStart, blockCount } = block;
  const shared = {
    // Every angle is zero: q and k stay as they are.
    rotations: await bench.buffer(rotationTable(total, shape.ropeDimensions, 1, undefined, 0)),
    pages: await bench.buffer(new Uint32Array([1, 0])),
    // Whoever reads what no query has written spoils the scores.
    partials: await bench.buffer(new Float32Array(partialWords).fill(Number.NaN)),
    scores: await bench.space(blockCount),
    block: await device.memory.uniform('self-test', new Uint32Array([firstQuery, blockStart, blockCount])),
  };
  let first = 0;
  for (const tokens of steps) {
    const state = await bench.state(first, tokens);
    const keys = await bench.buffer(k.slice(first * kvWidth, (first + tokens) * kvWidth));
    const queries = await bench.buffer(q.slice(first * qWidth, (first + tokens) * qWidth));
    // No score depends on the values.
    const values = await bench.space(tokens * kvWidth);
    const buffers = { ...shared, q: queries, k: keys, v: values };
    const append = await createRopeAppend(device, shape, buffers, cache, state);
    const score = await createKeyScores(device, shape, buffers, cache, state);
    bench.run([append, ...score], { position: first, tokens });
    first += tokens;
  }
  const expected = keyScoresTwin(q, k, shape, block);
  const largest = expected.reduce((max, value) => Math.max(max, value), 0);
  return (await bench.agrees(shared.scores, expected, 1e-4 * largest)) ? undefined : 'key-scores';
}
