import { damaged } from '../codec.ts';
import {
  contextCount,
  neighbour,
  refinementContext,
  resetContexts,
  runContext,
  signContexts,
  significanceContexts,
  uniformContext,
} from './bit-plane-contexts.ts';
import type { CodingStyle } from './code-stream.ts';
import { MqDecoder } from './mq-decoder.ts';
import { RawBits } from './raw-bits.ts';
import type { CodeBlock } from './tile-geometry.ts';

const { west, east, north, south, northWest, northEast, southWest, southEast } = neighbour;
const below = south | southWest | southEast;
/** States of a coefficient. */
const significant = 1;
const negative = 2;
const visited = 4;
const refined = 8;
/** From this pass on two of three may be written as they are (ITU-T T.800, D.6). */
const firstRawPass = 10;
const mostPlanes = 30;

/**
 * Decodes the bit-planes of code-blocks (ITU-T T.800, annex D). One decoder serves many, with room for the largest: coefficients
 * are numbers in halves, so that what was cut off is put in the middle.
 */
export class CodeBlockDecoder {
  readonly #mq = new MqDecoder(contextCount);
  #raw: RawBits | undefined;
  #width = 0;
  #height = 0;
  /** With a margin of one on each side. */
  #states = new Uint8Array(0);
  #neighbours = new Uint8Array(0);
  /** Twice the magnitude: with a bit below the lowest plane. */
  #magnitudes = new Int32Array(0);
  #zeroCoding = significanceContexts[0]!;
  #isCausal = false;

  /** Calls `put` with the place in the code-block, and twice the value, of what is not 0. `planes`: of the subband. */
  decode(
    block: CodeBlock,
    orientation: number,
    style: CodingStyle,
    planes: number,
    put: (x: number, y: number, doubled: number) => void,
  ): void {
    const used = planes - block.zeroPlanes;
    const passes = block.segments.reduce((sum, segment) => sum + segment.passes, 0);
    if (passes === 0) return;
    if (used < 1 || used > mostPlanes || passes > 3 * used - 2) throw damaged('bit-planes');
    this.#begin(block.width, block.height, orientation, style.isCausal);
    resetContexts(this.#mq.contexts);
    let pass = 0;
    for (const segment of block.segments) {
      if (segment.passes === 0) continue;
      const data = join(segment.data);
      const isRaw = style.isBypassed && pass >= firstRawPass && pass % 3 !== 0;
      this.#raw = isRaw ? new RawBits(data) : undefined;
      if (!isRaw) this.#mq.start(data);
      for (let i = 0; i < segment.passes; i++, pass++) this.#decodePass(pass, used, style);
    }
    this.#putAll(put);
  }

  #begin(width: number, height: number, orientation: number, isCausal: boolean): void {
    const size = (width + 2) * (height + 2);
    if (this.#states.length < size) {
      this.#states = new Uint8Array(size);
      this.#neighbours = new Uint8Array(size);
      this.#magnitudes = new Int32Array(size);
    } else {
      this.#states.fill(0, 0, size);
      this.#neighbours.fill(0, 0, size);
      this.#magnitudes.fill(0, 0, size);
    }
    this.#width = width;
    this.#height = height;
    this.#zeroCoding = significanceContexts[orientation]!;
    this.#isCausal = isCausal;
  }

  #decodePass(pass: number, planes: number, style: CodingStyle): void {
    // The first pass is a clean-up; then three to a plane.
    const plane = planes - 1 - Math.floor((pass + 2) / 3);
    const one = 2 << plane;
    const kind = pass % 3;
    if (kind === 1) this.#propagate(one);
    else if (kind === 2) this.#refine(one);
    else {
      this.#cleanUp(one);
      if (style.hasSegmentSymbols) this.#requireSymbol();
    }
    if (style.isReset) resetContexts(this.#mq.contexts);
  }

  /** Neighbours, without those in the next stripe where these must not matter. */
  #around(at: number, y: number): number {
    const mask = this.#neighbours[at]!;
    return this.#isCausal && (y & 3) === 3 ? mask & ~below : mask;
  }

  #propagate(one: number): void {
    const [width, height, stride] = [this.#width, this.#height, this.#width + 2];
    for (let stripe = 0; stripe < height; stripe += 4) {
      const end = Math.min(stripe + 4, height);
      for (let x = 0; x < width; x++) {
        for (let y = stripe; y < end; y++) {
          const at = (y + 1) * stride + x + 1;
          if ((this.#states[at]! & significant) !== 0) continue;
          const mask = this.#around(at, y);
          if (mask === 0) continue;
          const bit = this.#raw ? this.#raw.take() : this.#mq.next(this.#zeroCoding[mask]!);
          if (bit === 1) this.#becomeSignificant(at, y, one);
          this.#states[at]! |= visited;
        }
      }
    }
  }

  #refine(one: number): void {
    const [width, height, stride] = [this.#width, this.#height, this.#width + 2];
    const half = one >> 1;
    for (let stripe = 0; stripe < height; stripe += 4) {
      const end = Math.min(stripe + 4, height);
      for (let x = 0; x < width; x++) {
        for (let y = stripe; y < end; y++) {
          const at = (y + 1) * stride + x + 1;
          const state = this.#states[at]!;
          if ((state & (significant | visited)) !== significant) continue;
          const isFirst = (state & refined) === 0;
          const context = isFirst
            ? refinementContext + (this.#around(at, y) === 0 ? 0 : 1)
            : refinementContext + 2;
          const bit = this.#raw ? this.#raw.take() : this.#mq.next(context);
          this.#magnitudes[at]! += bit === 1 ? half : -half;
          this.#states[at] = state | refined;
        }
      }
    }
  }

  #cleanUp(one: number): void {
    const [width, height, stride] = [this.#width, this.#height, this.#width + 2];
    const mq = this.#mq;
    for (let stripe = 0; stripe < height; stripe += 4) {
      const end = Math.min(stripe + 4, height);
      for (let x = 0; x < width; x++) {
        let y = stripe;
        let isKnown = false;
        if (this.#isQuiet(x, stripe, end)) {
          if (mq.next(runContext) === 0) continue;
          y += (mq.next(uniformContext) << 1) | mq.next(uniformContext);
          isKnown = true;
        }
        for (; y < end; y++) {
          const at = (y + 1) * stride + x + 1;
          const state = this.#states[at]!;
          if (isKnown || (state & (significant | visited)) === 0) {
            const bit = isKnown ? 1 : mq.next(this.#zeroCoding[this.#around(at, y)]!);
            isKnown = false;
            if (bit === 1) this.#becomeSignificant(at, y, one);
          }
          this.#states[at]! &= ~visited;
        }
      }
    }
  }

  /** Whether a whole column of a stripe has nothing significant in it or beside it. */
  #isQuiet(x: number, stripe: number, end: number): boolean {
    if (end - stripe < 4) return false;
    const stride = this.#width + 2;
    for (let y = stripe; y < end; y++) {
      const at = (y + 1) * stride + x + 1;
      if ((this.#states[at]! & (significant | visited)) !== 0 || this.#around(at, y) !== 0) return false;
    }
    return true;
  }

  #becomeSignificant(at: number, y: number, one: number): void {
    const stride = this.#width + 2;
    const states = this.#states;
    const neighbours = this.#neighbours;
    const isLastOfStripe = this.#isCausal && (y & 3) === 3;
    const across = signOf(states[at - 1]!) + signOf(states[at + 1]!);
    const down = signOf(states[at - stride]!) + (isLastOfStripe ? 0 : signOf(states[at + stride]!));
    const entry = signContexts[(clampSign(across) + 1) * 3 + clampSign(down) + 1]!;
    const isNegative = this.#raw ? this.#raw.take() : this.#mq.next(entry >> 1) ^ (entry & 1);
    states[at]! |= isNegative === 1 ? significant | negative : significant;
    this.#magnitudes[at] = one | (one >> 1);
    neighbours[at - 1]! |= east;
    neighbours[at + 1]! |= west;
    neighbours[at - stride]! |= south;
    neighbours[at + stride]! |= north;
    neighbours[at - stride - 1]! |= southEast;
    neighbours[at - stride + 1]! |= southWest;
    neighbours[at + stride - 1]! |= northEast;
    neighbours[at + stride + 1]! |= northWest;
  }

  /** Four bits behind a clean-up that show damage (D.5). */
  #requireSymbol(): void {
    let symbol = 0;
    for (let i = 0; i < 4; i++) symbol = (symbol << 1) | this.#mq.next(uniformContext);
    if (symbol !== 0b1010) throw damaged('segment symbol');
  }

  #putAll(put: (x: number, y: number, doubled: number) => void): void {
    const stride = this.#width + 2;
    for (let y = 0; y < this.#height; y++) {
      for (let x = 0; x < this.#width; x++) {
        const at = (y + 1) * stride + x + 1;
        const magnitude = this.#magnitudes[at]!;
        if (magnitude !== 0) put(x, y, (this.#states[at]! & negative) !== 0 ? -magnitude : magnitude);
      }
    }
  }
}

/** 1, -1, or 0 of what is not significant. */
function signOf(state: number): number {
  return (state & significant) === 0 ? 0 : 1 - (state & negative);
}

const clampSign = (value: number) => (value > 1 ? 1 : value < -1 ? -1 : value);

function join(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}
