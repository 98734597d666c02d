import { describe, expect, it } from 'vitest';
import { BedsideError } from '../errors.ts';
import { GgmlType } from './block-formats.ts';
import { dequantizeTensor } from './dequantize.ts';
import { quantizeF16 } from './f16.ts';
import { floatToHalf, halfToFloat } from './half.ts';
import { quantizeQ4_0 } from './q4-0.ts';
import { quantizeQ8_0 } from './q8-0.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

// Two blocks of irregular weights; the expected bytes are those of the gguf package (0.19) for the same.
const weights = Float32Array.from({ length: 64 }, (_, i) => {
  return ((((i * i * 7 + i * 13) % 101) - 50) / 37) * (i % 3 === 0 ? -0.25 : 1);
});

// Weights in a bell shape, as trained ones are, of very different sizes from block to block.
function bellWeights(count: number, seed: number): Float32Array {
  let state = seed;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return Float32Array.from({ length: count }, (_, i) => {
    const size = 2 ** ((Math.floor(i / 32) % 12) - 8);
    return (uniform() + uniform() + uniform() + uniform() - 2) * size;
  });
}

describe('reference quantisers', () => {
  it('Q8_0 gives the known bytes', () => {
    expect(hex(quantizeQ8_0(weights))).toBe(
      '3b2121b10b2022e00fcbf8edb652fee3e3fe52b6edf8cb0fe022200bb1217781111a' +
        '3b2194f100e803287f04864df5325d1815a3e83a38ea96031e4010ff205f1242e615',
    );
  });

  it('Q4_0 gives the known bytes', () => {
    expect(hex(quantizeQ4_0(weights))).toBe(
      '3031da33798a5a9669a5a89733adf80696a830b1af49589af88660487f8369257247a77e',
    );
  });

  it('F16 gives the known bytes', () => {
    expect(hex(quantizeF16(weights))).toBe(
      '68357dbaeb2e4c359f3530b5f93053b830ad0eb20ebab43a30a5c2b4c2b430a5b43a0eba0eb230ad53b8f93030b59f35' +
        '4c35eb2e7dba6835dd3c30bd9f3153346fbcf9b00000c9b3eb267d36303d3029f9bc453a5aaf1c38913bc933eb3291bb' +
        '00b4c2388a385ab353bceb26dd3430393031eba23035c93bd631683953b4b432',
    );
  });

  it('Q8_0 stays within half a step of each weight', () => {
    const original = bellWeights(32 * 400, 1);
    const bytes = quantizeQ8_0(original);
    const read = dequantizeTensor(GgmlType.Q8_0, bytes);
    for (let i = 0; i < original.length; i++) {
      const block = (i >> 5) * 34;
      const step = halfToFloat(bytes[block]! | (bytes[block + 1]! << 8));
      // Half a step from rounding, and the scale itself is rounded to 11 bits: up to 127 steps of 2^-11.
      expect(Math.abs(read[i]! - original[i]!)).toBeLessThanOrEqual(step * (0.5 + 127 * 2 ** -11 + 1e-3));
    }
  });

  it('Q4_0 stays within half a step, and one step at the short end of its range', () => {
    const original = bellWeights(32 * 400, 2);
    const bytes = quantizeQ4_0(original);
    const read = dequantizeTensor(GgmlType.Q4_0, bytes);
    for (let i = 0; i < original.length; i++) {
      const block = (i >> 5) * 18;
      const step = halfToFloat(bytes[block]! | (bytes[block + 1]! << 8));
      const allowed = original[i]! / step > 7.5 ? 1 : 0.5;
      expect(Math.abs(read[i]! - original[i]!)).toBeLessThanOrEqual(
        Math.abs(step) * (allowed + 8 * 2 ** -11 + 1e-3),
      );
    }
  });

  it.each([
    ['Q8_0', quantizeQ8_0, GgmlType.Q8_0],
    ['Q4_0', quantizeQ4_0, GgmlType.Q4_0],
  ] as const)('%s keeps zeros zero, and weights too small for its scale become zero', (_, quantize, type) => {
    const zeros = dequantizeTensor(type, quantize(new Float32Array(32)));
    expect(zeros.every(value => value === 0)).toBe(true); // of either sign: Q4_0 has the scale -0 here
    const tiny = new Float32Array(32).fill(1e-42);
    expect(dequantizeTensor(type, quantize(tiny)).every(value => value === 0)).toBe(true);
  });

  it('Q8_0 rounds halves away from zero', () => {
    const block = new Float32Array(32);
    block.set([127, 2.5, -2.5, 0.5, -0.5, 2.49]);
    expect([...new Int8Array(quantizeQ8_0(block).buffer, 2, 6)]).toEqual([127, 3, -3, 1, -1, 2]);
  });

  it('Q4_0 takes the first of two equal extremes', () => {
    const block = new Float32Array(32);
    block.set([1, -8, 8]);
    // Scale 1: -8 maps to 0, and +8 saturates at 15.
    expect([...quantizeQ4_0(block).subarray(0, 5)]).toEqual([0x00, 0x3c, 0x89, 0x80, 0x8f]);
  });

  // ggml-quants.c's quantize_row_q8_0_ref and quantize_row_q4_0_ref of one block, step by step.
  const references = {
    Q8_0(block: Float32Array): number[] {
      const largest = block.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      const d = Math.fround(largest / 127);
      const inverse = d === 0 ? 0 : Math.fround(1 / d);
      const steps = Array.from(block, value => {
        const scaled = Math.fround(value * inverse);
        return (Math.sign(scaled) * Math.floor(Math.abs(scaled) + 0.5)) & 255;
      });
      return [floatToHalf(d) & 255, floatToHalf(d) >> 8, ...steps];
    },
    Q4_0(block: Float32Array): number[] {
      const extreme = block.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
      const d = Math.fround(extreme / -8);
      const inverse = d === 0 ? 0 : Math.fround(1 / d);
      const steps = Array.from(block, value =>
        Math.min(15, Math.trunc(Math.fround(Math.fround(value * inverse) + 8.5))),
      );
      const pairs = Array.from({ length: 16 }, (_, j) => steps[j]! | (steps[j + 16]! << 4));
      return [floatToHalf(d) & 255, floatToHalf(d) >> 8, ...pairs];
    },
  };

  it.each([
    ['Q8_0', quantizeQ8_0, references.Q8_0],
    ['Q4_0', quantizeQ4_0, references.Q4_0],
  ] as const)(
    '%s gives the reference’s bytes for weights of every size and sign',
    (_, quantize, reference) => {
      // Any bits of a number: subnormals, both zeros, far too large for their neighbours.
      let state = 3;
      const next = () => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return state;
      };
      for (let round = 0; round < 3000; round++) {
        const exponent = (next() >>> 8) % 146;
        const spread = 1 + ((next() >>> 8) % 40);
        // Fewer bits make ties between two steps.
        const kept = round % 5 === 0 ? 0xffe00000 : 0xffffffff;
        const bits = Uint32Array.from({ length: 32 }, () => {
          const small = Math.max(0, exponent - ((next() >>> 8) % spread));
          return ((next() & 0x80000000) | (small << 23) | (next() >>> 9)) & kept;
        });
        if (round % 7 === 0) bits.fill(0x80000000, 0, 20);
        const block = new Float32Array(bits.buffer);
        expect(hex(quantize(block)), `round ${round}`).toBe(hex(Uint8Array.from(reference(block))));
      }
    },
  );

  it.each([
    ['Q8_0', quantizeQ8_0],
    ['Q4_0', quantizeQ4_0],
  ] as const)('%s refuses what it cannot store', (_, quantize) => {
    const codeOf = (values: Float32Array) => {
      try {
        quantize(values);
      } catch (error) {
        if (error instanceof BedsideError) return error.code;
        throw error;
      }
      return 'none';
    };
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, -1e9]) {
      expect(codeOf(new Float32Array(32).fill(bad, 7, 8))).toBe('invalid-model');
    }
    expect(codeOf(new Float32Array(31))).toBe('invalid-request');
  });
});
