import { damaged } from '../codec.ts';
import type { LsPreset } from './jpeg-ls-stream.ts';

/** What a scan is decoded by (ITU-T T.87, A.2.1 and C.2.4.1.1). */
export interface LsParameters {
  greatest: number;
  near: number;
  /** Of a quantised error: 2 * near + 1. */
  step: number;
  range: number;
  /** Bits of a mapped error that is written as it is. */
  rawBits: number;
  /** Longest code of an error, in bits. */
  limit: number;
  thresholds: readonly [number, number, number];
  reset: number;
}

export function lsParameters(precision: number, near: number, preset: LsPreset): LsParameters {
  const greatest = preset.greatest || 2 ** precision - 1;
  if (greatest >= 2 ** precision || near > Math.min(255, greatest >> 1)) throw damaged('presets');
  const step = 2 * near + 1;
  const range = Math.floor((greatest + 2 * near) / step) + 1;
  const bits = Math.max(2, bitsFor(greatest + 1));
  const defaults = defaultThresholds(greatest, near);
  const thresholds = preset.thresholds.map((value, i) => value || defaults[i]!) as [number, number, number];
  const [first, second, third] = thresholds;
  const isRising = first > near && second >= first && third >= second && third <= greatest;
  const reset = preset.reset || 64;
  if (!isRising || reset < 3) throw damaged('presets');
  return {
    greatest,
    near,
    step,
    range,
    rawBits: bitsFor(range),
    limit: 2 * (bits + Math.max(8, bits)),
    thresholds,
    reset,
  };
}

/** The least number of bits that tell `count` values apart. */
function bitsFor(count: number): number {
  return Math.ceil(Math.log2(count));
}

function defaultThresholds(greatest: number, near: number): [number, number, number] {
  const clamp = (value: number, least: number) => (value > greatest || value < least ? least : value);
  const [basic1, basic2, basic3] = [3, 7, 21];
  if (greatest >= 128) {
    const factor = Math.floor((Math.min(greatest, 4095) + 128) / 256);
    const first = clamp(factor * (basic1 - 2) + 2 + 3 * near, near + 1);
    const second = clamp(factor * (basic2 - 3) + 3 + 5 * near, first);
    return [first, second, clamp(factor * (basic3 - 4) + 4 + 7 * near, second)];
  }
  const factor = Math.floor(256 / (greatest + 1));
  const first = clamp(Math.max(2, Math.floor(basic1 / factor) + 3 * near), near + 1);
  const second = clamp(Math.max(3, Math.floor(basic2 / factor) + 5 * near), first);
  return [first, second, clamp(Math.max(4, Math.floor(basic3 / factor) + 7 * near), second)];
}
