import type { EngineDevice } from '../device/device.ts';
import type { PlannedBuffer } from '../device/memory.ts';
import { BedsideError } from '../errors.ts';
import { inBytes, sentence } from '../sentence.ts';
import type { DeviceReport } from '../types/device.ts';
import { bytesBeside, type LoadChoice, type ModelPlan, mostBytes } from '../types/memory.ts';
import { type Precision, precisions } from '../types/precision.ts';
import type { Quantisation } from '../types/quantisation.ts';
import { fitInWords, type QuantisedFit, quantisationThatFits } from './quantisation-that-fits.ts';

/** Conversations are shortened by whole steps, and not below what a question with its answer takes. */
const contextStep = 256;
const shortestContext = 512;

export interface RoomRequest {
  plan: ModelPlan;
  /** Every buffer of `plan`. */
  buffers: readonly PlannedBuffer[];
  /** The plan with another precision or length of the conversation, and the formats of another quantisation. */
  planFor(options: { precision: Precision; contextTokens: number; quantisation?: Quantisation }): ModelPlan;
}

/**
 * Asks the device for the room of a model: of these requests, the same model with less each time, the first that it has room for.
 * One that is larger than what was found before is not asked for. What the device holds now (a model that is given up for this one)
 * counts as free, so that a model that cannot fit never costs the reader the one in use. Once that is gone, a second call asks for
 * the whole.
 * @throws `out-of-memory` with the choices that would fit, of the last request; `device-lost`, `aborted`
 */
export async function requireRoom<Request extends RoomRequest>(
  { memory, report }: EngineDevice,
  requests: readonly Request[],
  signal?: AbortSignal,
): Promise<Request> {
  let foundBytes = Number.POSITIVE_INFINITY;
  for (const request of requests) {
    const { plan, buffers } = request;
    if (mostBytes(plan.memory) > foundBytes) continue;
    const besideBytes = bytesBeside(plan.memory);
    const { wantedBytes, roomBytes } = await memory.reserve({ buffers, besideBytes }, signal);
    if (roomBytes >= wantedBytes) return request;
    foundBytes = roomBytes;
  }
  const { plan, planFor } = requests.at(-1)!;
  throw noRoomError(report, plan, foundBytes, {
    choices: choicesThatFit(plan, foundBytes, planFor),
    quantised: quantisationThatFits(plan, foundBytes, planFor),
  });
}

/** Of the file that there is, by arithmetic: the weights, which are most of a model, are the same buffers in every choice. */
export function choicesThatFit(
  plan: ModelPlan,
  roomBytes: number,
  planFor: RoomRequest['planFor'],
): LoadChoice[] {
  const choice = (precision: Precision, contextTokens: number): LoadChoice | undefined => {
    const { memory } = planFor({ precision, contextTokens });
    const totalBytes = mostBytes(memory);
    return totalBytes <= roomBytes ? { precision, contextTokens, totalBytes } : undefined;
  };
  const longest = (precision: Precision): LoadChoice | undefined => {
    let [fits, tooMany] = [shortestContext / contextStep - 1, Math.ceil(plan.contextTokens / contextStep)];
    while (tooMany - fits > 1) {
      const middle = Math.floor((fits + tooMany) / 2);
      if (choice(precision, middle * contextStep)) fits = middle;
      else tooMany = middle;
    }
    const tokens = fits * contextStep;
    return tokens < shortestContext ? undefined : choice(precision, tokens);
  };
  const shorter = longest(plan.precision);
  const isCoarser = (precision: Precision) =>
    precisions.indexOf(precision) > precisions.indexOf(plan.precision);
  // What answers are still nearly the same with comes first; 4 bits where that does not hold the whole conversation.
  const close = precisions.filter(precision => precision !== 'q4' && isCoarser(precision));
  const whole = close.map(precision => choice(precision, plan.contextTokens)).find(Boolean);
  const compact = whole ?? (close.length > 0 ? longest('q8') : undefined);
  const smallest =
    whole || !isCoarser('q4') ? undefined : (choice('q4', plan.contextTokens) ?? longest('q4'));
  return [shorter, compact, smallest].filter(each => each !== undefined);
}

/** What would fit instead: of the file, and of the model in another one. */
interface Smaller {
  choices: LoadChoice[];
  quantised: QuantisedFit | undefined;
}

function noRoomError(
  { kind }: DeviceReport,
  plan: ModelPlan,
  roomBytes: number,
  { choices, quantised }: Smaller,
): BedsideError {
  const { memory, contextTokens } = plan;
  const neededBytes = inBytes(mostBytes(memory));
  const ofProcessor = kind === 'processor';
  const close = ofProcessor ? 'Close other programs' : 'Close other programs that use the graphics card';
  const advice =
    choices.length > 0
      ? `Load it as one of the buttons says, or choose a smaller model. ${close} to have more room.`
      : `${close}, or choose a smaller model.`;
  return new BedsideError(
    'out-of-memory',
    ofProcessor
      ? sentence`model-larger-than-memory: This model takes ${{ neededBytes }} of memory with a conversation of ${{ contextTokens }} tokens; this device has room for ${{ roomBytes: inBytes(roomBytes) }}.`
      : sentence`model-larger-than-room: This model takes ${{ neededBytes }} of graphics memory with a conversation of ${{ contextTokens }} tokens; this device has room for ${{ roomBytes: inBytes(roomBytes) }}.`,
    quantised ? `${advice} ${fitInWords(quantised, plan.precision).text}` : advice,
    `wanted ${mostBytes(memory)} bytes, found ${roomBytes}`,
    choices,
  );
}
