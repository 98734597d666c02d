import { type AttentionShape, createRopeAppend } from '../kernels/attention.ts';
import { encoderAttentionTwin, keyScoresTwin, storedTwin } from '../kernels/attention-twins.ts';
import { cacheBytes } from '../kernels/cache-format.ts';
import { createEncoderAttention, type EncoderAttentionShape } from '../kernels/encoder-attention.ts';
import { createKeyScores, keyScorePartialBytes } from '../kernels/key-scores.ts';
import { createLayerNorm } from '../kernels/layer-norm.ts';
import { createMatmul } from '../kernels/matmul.ts';
import type { KernelProblem, Launch, SelfTestBench } from '../kernels/registry/test-bench.ts';
import { rotationTable } from '../kernels/rotation-table.ts';
import { epilogueTwin, layerNormTwin, linearTwin, sampledTolerance } from '../kernels/twins.ts';
import { createPatches, createPixelShuffle, createPositions } from '../kernels/vision.ts';
import { patchesTwin, pixelShuffleTwin, positionsTwin } from '../kernels/vision-twins.ts';
import type { GgmlTypeName } from '../quant/block-formats.ts';
import { sampleNumbers } from '../quant/sample-blocks.ts';

/**
 * The small problems of an image encoder's kernels.
 * @param types of the encoder's matrices
 * @param language attention of the language model, where there is one whose visual tokens may be compressed
 */
export function visionProblems(
  types: Iterable<GgmlTypeName>,
  shape: EncoderAttentionShape,
  language?: Omit<AttentionShape, 'pages'>,
): KernelProblem[] {
  return [
    ...[...types].map(epilogueProblem),
    ...encoderProblems(shape),
    ...(language ? [keyScoreProblem(language)] : []),
  ];
}

/** Of matrices in one format of the file. */
export function epilogueProblem(type: GgmlTypeName): KernelProblem {
  return { name: `products of ${type} with their epilogues`, run: bench => epilogues(bench, type) };
}

export function encoderProblems(shape: EncoderAttentionShape): KernelProblem[] {
  return [
    { name: 'layer norm', run: layerNorm },
    { name: 'patches, positions and pixel shuffle', run: rearrangements },
    { name: 'attention of the image encoder', run: bench => attention(bench, shape) },
  ];
}

export function keyScoreProblem(language: Omit<AttentionShape, 'pages'>): KernelProblem {
  return { name: 'key scores', run: bench => keyScores(bench, language) };
}

async function epilogues(bench: SelfTestBench, type: GgmlTypeName): Promise<void> {
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
  const productTolerance = sampledTolerance(weights, x, columns);
  const largestScale = layerScale.reduce((most, value) => Math.max(most, Math.abs(value)), 1.13);
  for (const [name, use, twin] of [
    ['bias', { bias: vectors.bias }, { bias }],
    ['bias and gelu', { bias: vectors.bias, gelu: true }, { bias, gelu: true }],
    ['bias and layer scale', vectors, { bias, layerScale }],
  ] as const) {
    const ys = { buffer: await bench.buffer(before), stride: rows };
    const matmul = await createMatmul(bench.device, matrix, xs, ys, state, { epilogue: use });
    const launch = bench.run(matmul, { position: 0, tokens });
    const expected = epilogueTwin(products, twin, before);
    const tolerance = (i: number) => (i < (tokens - 1) * rows ? largestScale * productTolerance : 0) + 1e-5;
    await bench.check(`matmul ${type}, ${name}`, ys.buffer, expected, tolerance, launch);
  }
}

async function layerNorm(bench: SelfTestBench): Promise<void> {
  const [columns, tokens] = [1500, 3];
  const x = sampleNumbers(tokens * columns, 6).map(value => value + 2);
  const [weight, bias] = [sampleNumbers(columns, 7), sampleNumbers(columns, 8)];
  const xs = { buffer: await bench.buffer(x), stride: columns };
  const ys = { buffer: await bench.space(x.length), stride: columns };
  const [weights, biases] = [await bench.buffer(weight), await bench.buffer(bias)];
  const options = { columns, epsilon: 1e-6 };
  const state = await bench.state(0, tokens);
  const norm = await createLayerNorm(bench.device, xs, weights, biases, ys, state, options);
  const launch = bench.run([norm], { position: 0, tokens });
  const expected = layerNormTwin(x, weight, bias, options.epsilon);
  await bench.check('layer-norm', ys.buffer, expected, 1e-4, launch);
}

/** Two tiles of 12 x 12 pixels in patches of 3, hidden 40, in rows with padding. */
async function rearrangements(bench: SelfTestBench): Promise<void> {
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
  const cutting = bench.run([await createPatches(device, words, patches, state, cut)], step);
  const expected = padded(patchesTwin(pixels, cut), 27, 32);
  await bench.check('patches', patches.buffer, expected, 1e-5, cutting);

  const x = sampleNumbers(tokens * hidden, 9);
  const xs = { buffer: await bench.buffer(new Float32Array(padded(x, hidden, stride))), stride };
  const shuffled = { buffer: await bench.space(8 * 4 * hidden), stride: 4 * hidden };
  const shuffleState = await bench.state(0, 8);
  const shuffle = await createPixelShuffle(device, xs, shuffled, shuffleState, { side, hidden });
  const shuffling = bench.run([shuffle], { position: 0, tokens: 8 });
  const twin = pixelShuffleTwin(x, side, hidden);
  await bench.check('pixel-shuffle', shuffled.buffer, twin, 0, shuffling);

  const classEmbedding = sampleNumbers(hidden, 10);
  const table = sampleNumbers(positions * hidden, 11);
  const [first, rows] = [await bench.buffer(classEmbedding), await bench.buffer(table)];
  const positioning = await createPositions(device, xs, first, rows, state, { positions, hidden });
  const placing = bench.run([positioning], step);
  const placed = padded(positionsTwin(x, classEmbedding, table), hidden, stride);
  await bench.check('positions', xs.buffer, placed, 1e-5, placing);
}

function padded(values: ArrayLike<number>, columns: number, stride: number): Float64Array {
  const out = new Float64Array((values.length / columns) * stride);
  for (let i = 0; i < values.length; i++) out[Math.floor(i / columns) * stride + (i % columns)] = values[i]!;
  return out;
}

/** The model's own pipeline, on rows enough for two blocks of queries, and on a second tile where tiles are small. */
async function attention(bench: SelfTestBench, model: EncoderAttentionShape): Promise<void> {
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
  const launch = bench.run([attend], { position: 0, tokens });
  const expected = encoderAttentionTwin(q, k, v, shape);
  await bench.check('attention of the image encoder', buffers.out, expected, 1e-4, launch);
}

/**
 * The model's own pipelines. Two steps; the first query that counts is inside the first, in the middle of a workgroup's
 * queries; the block goes over a page border, with the pages in swapped order, and some queries are inside it.
 */
async function keyScores(bench: SelfTestBench, model: Omit<AttentionShape, 'pages'>): Promise<void> {
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
  let scoring: Launch | undefined;
  for (const tokens of steps) {
    const state = await bench.state(first, tokens);
    const keys = await bench.buffer(k.slice(first * kvWidth, (first + tokens) * kvWidth));
    const queries = await bench.buffer(q.slice(first * qWidth, (first + tokens) * qWidth));
    // No score depends on the values.
    const values = await bench.space(tokens * kvWidth);
    const buffers = { ...shared, q: queries, k: keys, v: values };
    const append = await createRopeAppend(device, shape, buffers, cache, state);
    const score = await createKeyScores(device, shape, buffers, cache, state);
    bench.run([append], { position: first, tokens });
    scoring = bench.run(score, { position: first, tokens });
    first += tokens;
  }
  const expected = keyScoresTwin(q, k, shape, block);
  const largest = expected.reduce((max, value) => Math.max(max, value), 0);
  await bench.check('key-scores', shared.scores, expected, 1e-4 * largest, scoring);
}
