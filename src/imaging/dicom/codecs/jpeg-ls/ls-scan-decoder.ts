import { damaged } from '../codec.ts';
import { LsBits } from './ls-bits.ts';
import type { LsParameters } from './ls-parameters.ts';

/** Lengths of runs that one bit stands for, as powers of two (ITU-T T.87, A.7.1.2, J). */
const runOrders = Uint8Array.of(
  ...[0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3],
  ...[4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13, 14, 15],
);
const regularContexts = 365;
const leastCorrection = -128;
const greatestCorrection = 127;

/** Of one component's lines: the one above and the one that is decoded, each with a sample before and one behind. */
export interface LsLines {
  above: Int32Array;
  current: Int32Array;
  runIndex: number;
}

/** Decodes the lines of a scan (T.87, annex A). Contexts belong to the scan, lines to its components. */
export class LsScanDecoder {
  readonly #bits: LsBits;
  readonly #p: LsParameters;
  /** By context: 365 regular ones, then the two of interrupted runs. */
  readonly #magnitude: Int32Array;
  readonly #bias = new Int32Array(regularContexts);
  readonly #correction = new Int32Array(regularContexts);
  readonly #count = new Int32Array(regularContexts + 2).fill(1);
  readonly #negatives = new Int32Array(2);
  /** A gradient's class, from -4 to 4, by the gradient and `greatest`. */
  readonly #classes: Int8Array;

  constructor(bytes: Uint8Array, start: number, parameters: LsParameters) {
    this.#bits = new LsBits(bytes, start);
    this.#p = parameters;
    const initial = Math.max(2, (parameters.range + 32) >> 6);
    this.#magnitude = new Int32Array(regularContexts + 2).fill(initial);
    const { greatest } = parameters;
    this.#classes = Int8Array.from({ length: 2 * greatest + 1 }, (_, i) => classOf(i - greatest, parameters));
  }

  get end(): number {
    return this.#bits.end;
  }

  /** A line of one component. */
  decodeLine(lines: LsLines, columns: number): void {
    const { above, current } = lines;
    current[0] = above[1]!;
    above[columns + 1] = above[columns]!;
    for (let x = 1; x <= columns; ) {
      const context = this.#contextAt(above, current, x);
      if (context !== 0) {
        current[x] = this.#decodeRegular(context, current[x - 1]!, above[x]!, above[x - 1]!);
        x++;
        continue;
      }
      const value = current[x - 1]!;
      const run = this.#decodeRun(lines, columns - x + 1);
      current.fill(value, x, x + run);
      x += run;
      if (x > columns) break;
      current[x++] = this.#decodeInterruption(lines, value, above[x - 1]!);
      if (lines.runIndex > 0) lines.runIndex--;
    }
  }

  /** A line of all components, whose samples lie beside one another. Runs are of whole pixels; `first` counts them. */
  decodePixels(components: readonly LsLines[], columns: number): void {
    const [first] = components;
    for (const { above, current } of components) {
      current[0] = above[1]!;
      above[columns + 1] = above[columns]!;
    }
    for (let x = 1; x <= columns; ) {
      const contexts = components.map(({ above, current }) => this.#contextAt(above, current, x));
      if (contexts.some(context => context !== 0)) {
        for (const [i, { above, current }] of components.entries())
          current[x] = this.#decodeRegular(contexts[i]!, current[x - 1]!, above[x]!, above[x - 1]!);
        x++;
        continue;
      }
      const run = this.#decodeRun(first!, columns - x + 1);
      for (const { current } of components) current.fill(current[x - 1]!, x, x + run);
      x += run;
      if (x > columns) break;
      for (const { above, current } of components) {
        const [left, up] = [current[x - 1]!, above[x]!];
        current[x] = this.#fromError(up, this.#decodeRunError(0, first!) * (up < left ? -1 : 1));
      }
      if (first!.runIndex > 0) first!.runIndex--;
      x++;
    }
  }

  /** 0: a run. Else the context, negative where its errors are mirrored. */
  #contextAt(above: Int32Array, current: Int32Array, x: number): number {
    const up = above[x]!;
    const upLeft = above[x - 1]!;
    const offset = this.#p.greatest;
    const first = this.#classes[above[x + 1]! - up + offset]!;
    const second = this.#classes[up - upLeft + offset]!;
    const third = this.#classes[upLeft - current[x - 1]! + offset]!;
    return (first * 9 + second) * 9 + third;
  }

  #decodeRegular(signed: number, left: number, up: number, upLeft: number): number {
    const { greatest, rawBits, limit, near, step, reset } = this.#p;
    const context = signed < 0 ? -signed : signed;
    const correction = this.#correction[context]!;
    let predicted = predict(left, up, upLeft) + (signed < 0 ? -correction : correction);
    predicted = predicted < 0 ? 0 : predicted > greatest ? greatest : predicted;
    let count = this.#count[context]!;
    let magnitude = this.#magnitude[context]!;
    const order = golombOrder(count, magnitude);
    const mapped = this.#decodeMapped(order, limit, rawBits);
    let error = (mapped & 1) === 1 ? -((mapped + 1) >> 1) : mapped >> 1;
    let bias = this.#bias[context]!;
    if (near === 0 && order === 0 && 2 * bias <= -count) error = -error - 1;
    bias += error * step;
    magnitude += Math.abs(error);
    if (count === reset) {
      magnitude >>= 1;
      bias >>= 1;
      count >>= 1;
    }
    count++;
    if (bias <= -count) {
      bias = Math.max(bias + count, 1 - count);
      if (correction > leastCorrection) this.#correction[context] = correction - 1;
    } else if (bias > 0) {
      bias = Math.min(bias - count, 0);
      if (correction < greatestCorrection) this.#correction[context] = correction + 1;
    }
    this.#count[context] = count;
    this.#magnitude[context] = magnitude;
    this.#bias[context] = bias;
    return this.#fromError(predicted, signed < 0 ? -error : error);
  }

  /** A limited-length Golomb code (A.5.3). */
  #decodeMapped(order: number, limit: number, rawBits: number): number {
    const zeros = this.#bits.takeZeros(limit);
    if (zeros >= limit - rawBits - 1) return this.#bits.take(rawBits) + 1;
    const mapped = (zeros << order) | this.#bits.take(order);
    if (mapped > 2 * this.#p.range) throw damaged('error out of range');
    return mapped;
  }

  #fromError(predicted: number, error: number): number {
    const { near, step, range, greatest } = this.#p;
    let value = predicted + error * step;
    if (value < -near) value += range * step;
    else if (value > greatest + near) value -= range * step;
    return value < 0 ? 0 : value > greatest ? greatest : value;
  }

  /** Pixels like the last one, `most` of them left in the line (A.7.1). */
  #decodeRun(lines: LsLines, most: number): number {
    let run = 0;
    while (this.#bits.takeBit() === 1) {
      const length = 1 << runOrders[lines.runIndex]!;
      if (run + length <= most && lines.runIndex < 31) lines.runIndex++;
      run = Math.min(run + length, most);
      if (run === most) return run;
    }
    const order = runOrders[lines.runIndex]!;
    return Math.min(run + (order > 0 ? this.#bits.take(order) : 0), most);
  }

  /** The sample that ended a run (A.7.2). */
  #decodeInterruption(lines: LsLines, left: number, up: number): number {
    if (Math.abs(left - up) <= this.#p.near) return this.#fromError(left, this.#decodeRunError(1, lines));
    return this.#fromError(up, this.#decodeRunError(0, lines) * (up < left ? -1 : 1));
  }

  #decodeRunError(type: 0 | 1, { runIndex }: LsLines): number {
    const { limit, rawBits, reset } = this.#p;
    const context = regularContexts + type;
    let count = this.#count[context]!;
    let magnitude = this.#magnitude[context]!;
    const scaled = magnitude + (type === 1 ? count >> 1 : 0);
    const order = golombOrder(count, scaled);
    const mapped = this.#decodeMapped(order, limit - runOrders[runIndex]! - 1, rawBits);
    const doubled = mapped + type;
    const isOdd = (doubled & 1) === 1;
    const size = (doubled + (doubled & 1)) >> 1;
    const isNegative = (order !== 0 || 2 * this.#negatives[type]! >= count) === isOdd;
    const error = isNegative ? -size : size;
    if (error < 0) this.#negatives[type]!++;
    magnitude += (mapped + 1 - type) >> 1;
    if (count === reset) {
      magnitude >>= 1;
      count >>= 1;
      this.#negatives[type]! >>= 1;
    }
    this.#magnitude[context] = magnitude;
    this.#count[context] = count + 1;
    return error;
  }
}

/** Errors have 17 bits at most. */
const mostOrder = 18;

/** The least power of two by which as many errors are together as large (T.87, A.5.1). */
function golombOrder(count: number, magnitude: number): number {
  let order = 0;
  while (count << order < magnitude) {
    if (++order > mostOrder) throw damaged('errors out of range');
  }
  return order;
}

/** The median of left, above, and their plane (A.4.1). */
function predict(left: number, up: number, upLeft: number): number {
  const [least, greatest] = left < up ? [left, up] : [up, left];
  if (upLeft >= greatest) return least;
  if (upLeft <= least) return greatest;
  return left + up - upLeft;
}

function classOf(gradient: number, { near, thresholds: [first, second, third] }: LsParameters): number {
  const size = Math.abs(gradient);
  const which = size <= near ? 0 : size < first ? 1 : size < second ? 2 : size < third ? 3 : 4;
  return gradient < 0 ? -which : which;
}
