/** What a kernel cannot avoid: bytes to and from memory, each once, and arithmetic (a multiply-add counts as two). */
export interface Work {
  bytes: number;
  flops: number;
}

/** What the device does at most, measured in the same run. */
export interface DeviceRates {
  /** Bytes read plus bytes written by a copy. */
  copyGBps: number;
  multiplyAddGflops: number;
}

export interface Achieved {
  GBps: number;
  gflops: number;
  /** Shares of the device's rates. A kernel that only reads may exceed a copy, half of which is writing. */
  ofCopy: number;
  ofMultiplyAdd: number;
  /** Share of the speed that the stricter of the two limits allows. */
  ofLimit: number;
}

const float = 4;

/** Y [tokens, rows] = W X [tokens, columns], activations in f32. */
export function productWork(rows: number, columns: number, tokens: number, weightBytes: number): Work {
  return {
    bytes: weightBytes + tokens * (rows + columns) * float,
    flops: 2 * rows * columns * tokens,
  };
}

/** One query a head over `context` cached keys and values of `cacheBytes`: a dot product and a weighted sum of headDim each. */
export function decodeAttentionWork(
  shape: { heads: number; headDim: number },
  context: number,
  cacheBytes: number,
): Work {
  const { heads, headDim } = shape;
  return {
    bytes: cacheBytes + 2 * heads * headDim * float,
    flops: 4 * heads * headDim * context,
  };
}

/** The step's queries over the keys up to each: the cache is read once, q too, and out is written. */
export function prefillAttentionWork(
  shape: { heads: number; headDim: number },
  { position, tokens }: { position: number; tokens: number },
  cacheBytes: number,
): Work {
  const { heads, headDim } = shape;
  const pairs = tokens * position + (tokens * (tokens + 1)) / 2;
  return {
    bytes: cacheBytes + 2 * tokens * heads * headDim * float,
    flops: 4 * heads * headDim * pairs,
  };
}

/** Every position with every other: q, k and v are read, out is written. */
export function encoderAttentionWork(shape: { heads: number; headDim: number; positions: number }): Work {
  const { heads, headDim, positions } = shape;
  return {
    bytes: 4 * positions * heads * headDim * float,
    flops: 4 * positions * positions * heads * headDim,
  };
}

export function achieved(work: Work, ms: number, rates: DeviceRates): Achieved {
  const GBps = work.bytes / ms / 1e6;
  const gflops = work.flops / ms / 1e6;
  const ofCopy = GBps / rates.copyGBps;
  const ofMultiplyAdd = gflops / rates.multiplyAddGflops;
  return { GBps, gflops, ofCopy, ofMultiplyAdd, ofLimit: Math.max(ofCopy, ofMultiplyAdd) };
}

/**
 * How many copies of what a kernel reads take turns, so that none is still in a cache from the run before: a model's
 * layers take turns likewise.
 */
export function copiesFor(bytes: number, coldBytes: number): number {
  return Math.max(1, Math.min(64, Math.ceil(coldBytes / bytes)));
}
