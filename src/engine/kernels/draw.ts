import drawShader from '../../../shaders/sample/draw.wgsl?raw';
import type { EngineDevice } from '../device/device.ts';
import type { Dispatch, Step } from '../device/dispatch.ts';
import type { KernelSpec } from '../device/kernel-spec.ts';
import { type DeviceBuffer, floatBits } from '../device/memory.ts';
import type { SamplingSettings } from '../types/sampling.ts';
import { arrayShape } from './buffer-shape.ts';
import { candidateCount } from './sample.ts';
import { unroll } from './unroll.ts';

/** What `draw` writes where the host might choose another token. */
export const undecidedId = 0xfffffffd;

/**
 * How far a sum of weights may be off, as a share of it. A weight exp(-x) is off by (3.5 + 5.5 x) units in the last place: 3 + 2 x
 * of exp (WGSL's accuracy), and 3.5 x of subtracting, dividing and the temperature that was rounded; of 128 with the largest
 * at 1 the sum is so by at most 18 units, and by 17 more for adding 32 one after the other. That is 4.2e-6; this is nearly twice
 * as much.
 */
const sumSlack = 2 ** -17;

/** The same of one weight where min-p cuts; twice what it may be. */
function minPSlack(minP: number): number {
  return minP === 0 ? 0 : (4 - 6 * Math.log(minP)) * 2 ** -22;
}

function penalizes({ repetitionPenalty, repetitionWindow }: SamplingSettings): boolean {
  return repetitionPenalty !== 1 && repetitionWindow > 0;
}

/**
 * Whether `draw` decides most tokens with these settings. A penalty below 1 lifts tokens that are no candidates; without top-k, only
 * min-p says that none outside can be chosen, and top-p asks for the sum of all. Beyond these bounds slack would swallow what
 * it stands beside, or f32 its numbers.
 */
export function mayDraw(settings: SamplingSettings): boolean {
  const { temperature, topK, topP, minP, repetitionPenalty } = settings;
  if (repetitionPenalty < 1 && penalizes(settings)) return false;
  if (temperature === 0) return true;
  if (temperature < 0.001 || (minP > 0 && minP < 1e-30) || (topP < 1 && topP > 0.9999)) return false;
  if (topK === 0) return topP === 1 && minP > 0;
  return topK < candidateCount || (topK === candidateCount && !penalizes(settings));
}

/** `Settings` of the shader. */
export function drawSettings(settings: SamplingSettings, capacity: number): Uint32Array<ArrayBuffer> {
  const { temperature, topK, topP, minP, repetitionPenalty, repetitionWindow } = settings;
  return new Uint32Array([
    floatBits(temperature),
    topK,
    floatBits(topP),
    floatBits(minP),
    floatBits(repetitionPenalty),
    penalizes(settings) ? Math.min(repetitionWindow, capacity) : 0,
    floatBits(sumSlack),
    floatBits(minPSlack(minP)),
  ]);
}

export function drawSpec(): KernelSpec {
  const code = `const K: u32 = ${candidateCount};\n${unroll(drawShader, { EIGHT: 8, FOUR: 4 })}`;
  return { kernel: 'draw', form: { count: candidateCount }, label: 'draw', code, entryPoint: 'draw' };
}

export interface DrawRows {
  /** Logits of a row. */
  count: number;
  /** Positions of a text, those of the prompt included. */
  capacity: number;
  rows?: number;
  /** From a row's text to the next row's: the capacity where it is not said; 0 where rows are places of one text, that stands there. */
  historyStride?: number;
  /** How many rows a step has, at most `rows`; those of others may be drawn in vain. */
  rowsOf?: (step: Step) => number;
}

/** What drawing keeps from token to token: see the shader's bindings. */
export function drawShapes({ capacity, rows = 1 }: Pick<DrawRows, 'capacity' | 'rows'>) {
  return {
    settings: arrayShape('sampling settings', 8),
    draws: arrayShape('draws', rows * capacity),
    history: arrayShape('history', rows * capacity),
    lengths: arrayShape('history lengths', rows),
  };
}

export type DrawBuffers = { [Name in keyof ReturnType<typeof drawShapes>]: DeviceBuffer };

/** ids[row] = result[row][0] = the token drawn from a row's candidates, or `brokenId` or `undecidedId`; see the shader. */
export async function createDraw(
  device: EngineDevice,
  { count, capacity, rows = 1, historyStride = capacity, rowsOf = () => rows }: DrawRows,
  candidates: DeviceBuffer,
  { settings, draws, history, lengths }: DrawBuffers,
  { ids, result }: { ids: DeviceBuffer; result: DeviceBuffer },
): Promise<Dispatch> {
  const params = await device.memory.uniform('draw', new Uint32Array([count, capacity, rows, historyStride]));
  const bindings = {
    0: params,
    1: candidates,
    2: settings,
    3: draws,
    4: history,
    5: lengths,
    6: ids,
    8: result,
  };
  return device.createDispatch(drawSpec(), bindings, step => [rowsOf(step)]);
}
