import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { fixture } from '../../../test/support/data.ts';
import { BedsideError } from '../../engine/errors.ts';
import { openDicom } from './open-dicom.ts';

/**
 * Damaged files: each is an image or an error in words, soon, and nothing large is allocated for what a small file claims.
 * BEDSIDE_ALL_CASES=1 has all 5,000.
 */
const cases = process.env.BEDSIDE_ALL_CASES ? 5000 : 250;
/** Files here have at most 50,000 bytes; deflated and compressed ones become somewhat more. */
const mostAllocated = 8 * 1024 ** 2;

const folder = fixture('dicom');
const seeds = readdirSync(folder)
  .filter(name => /\.dcm$|DICOMDIR/.test(name))
  .sort()
  .map(name => ({ name, bytes: new Uint8Array(readFileSync(join(folder, name))) }));

/** Numerical Recipes' generator: the same cases everywhere. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return below => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** One to four damages: a bit, a byte that matters, a number, a piece taken out or doubled, an early end. */
function mutate(bytes: Uint8Array, random: (below: number) => number): Uint8Array {
  let mutated = bytes.slice();
  // Headers are small, and most can go wrong in them.
  const place = () => random(random(2) === 0 ? Math.min(2048, mutated.length) : mutated.length);
  for (let damages = 1 + random(4); damages > 0; damages--) {
    const at = place();
    switch (random(6)) {
      case 0:
        mutated[at]! ^= 1 << random(8);
        break;
      case 1:
        mutated[at] = [0, 1, 0x7f, 0x80, 0xfe, 0xff][random(6)]!;
        break;
      case 2:
        mutated.set([random(256), random(256), random(256), random(256)].slice(0, mutated.length - at), at);
        break;
      case 3:
        mutated = mutated.slice(0, at);
        break;
      case 4: {
        const length = 1 + random(64);
        mutated = Uint8Array.from([...mutated.subarray(0, at), ...mutated.subarray(at + length)]);
        break;
      }
      default: {
        const length = 1 + random(64);
        mutated = Uint8Array.from([...mutated.subarray(0, at + length), ...mutated.subarray(at)]);
      }
    }
    if (mutated.length === 0) return mutated;
  }
  return mutated;
}

let largest = 0;

/** Notes how long the arrays are that are made by their length. */
function watch<T extends new (...args: never[]) => ArrayBufferView>(type: T, bytes: number): T {
  return new Proxy(type, {
    construct(target, args: never[], newTarget) {
      const [length] = args as unknown[];
      if (typeof length === 'number') largest = Math.max(largest, length * bytes);
      return Reflect.construct(target, args, newTarget === proxies.get(target) ? target : newTarget);
    },
  });
}
const proxies = new Map<unknown, unknown>();

beforeAll(() => {
  for (const type of [
    Uint8Array,
    Int8Array,
    Uint16Array,
    Int16Array,
    Uint32Array,
    Int32Array,
    Float32Array,
    Float64Array,
  ]) {
    const proxy = watch(type as never, (type as { BYTES_PER_ELEMENT: number }).BYTES_PER_ELEMENT);
    proxies.set(type, proxy);
    vi.stubGlobal(type.name, proxy);
  }
});
afterAll(() => vi.unstubAllGlobals());

test(`${cases} damaged files`, async () => {
  const outcomes = { images: 0, refused: 0 };
  for (let seed = 0; seed < cases; seed++) {
    const random = generator(seed * 7919 + 1);
    const { name, bytes } = seeds[seed % seeds.length]!;
    const mutated = mutate(bytes, random);
    try {
      const file = await openDicom(mutated);
      const frame = await file.decodeFrame(random(file.meta.framesReadable));
      for (const { choice } of frame.views) frame.render(choice);
      outcomes.images++;
    } catch (error) {
      if (!(error instanceof BedsideError))
        throw new Error(`case ${seed}, made from ${name}: ${String(error)}`, { cause: error });
      expect(error.code).toMatch(/^(damaged-image|unsupported-image|not-an-image|image-too-large)$/);
      outcomes.refused++;
    }
    if (largest > mostAllocated) throw new Error(`case ${seed}, made from ${name}: ${largest} bytes at once`);
  }
  expect(outcomes.images).toBeGreaterThan(cases / 10);
  expect(outcomes.refused).toBeGreaterThan(cases / 10);
}, 600_000);

// Errors that grow beyond all bounds once kept a decoder busy for ever.
test.each(seeds.filter(({ name }) => /jls|jpegls|jpeg-lossless|j2k/.test(name)))(
  '$name with a byte of its pixels changed ends, in a picture or in words',
  async ({ bytes }) => {
    const step = process.env.BEDSIDE_ALL_CASES ? 7 : 331;
    for (let at = bytes.length - 1; at > 1000; at -= step) {
      const file = await openDicom(bytes.with(at, bytes[at]! ^ 0xff)).catch(wordsOnly);
      await file?.decodeFrame(0).catch(wordsOnly);
    }
  },
  600_000,
);

function wordsOnly(error: unknown): undefined {
  if (!(error instanceof BedsideError)) throw error;
}
