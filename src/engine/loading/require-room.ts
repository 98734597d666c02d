import type { EngineDevice } from '../device/device.ts';
import { BedsideError } from '../errors.ts';
import { inBytes, sentence } from '../sentence.ts';
import type { LoadChoice, ModelPlan } from '../types/memory.ts';
import type { Precision } from '../types/precision.ts';

/** A processor's memory is the system's, which it shares out page by page; SwiftShader clears all that it is asked for. */
const mostOfProcessor = 1024 ** 3;

/** Conversations are shortened by whole steps, and not below what a question with its answer takes. */
const contextStep = 256;
const shortestContext = 512;

export interface RoomRequest {
  plan: ModelPlan;
  /** Sizes of the buffers of `plan` (see plannedBuffers). */
  buffers: readonly number[];
  /** The plan with another precision or length of the conversation. */
  planFor(options: { precision: Precision; contextTokens: number }): ModelPlan;
}

/**
 * Tries whether the device has room for a model. What the device holds now (a model that is given up for this one) counts as
 * free: only what is needed beyond it is tried, so that a model that cannot fit never costs the reader the one in use. Once
 * that is gone, a second call tries the whole.
 * @throws `out-of-memory` with the choices that would fit, `device-lost`, `aborted`
 */
export async function requireRoom(
  device: EngineDevice,
  { plan, buffers, planFor }: RoomRequest,
  signal?: AbortSignal,
): Promise<void> {
  const held = device.memory.bytes;
  const needed = beyond(buffers, held);
  if (device.report.isSoftware && needed.reduce((sum, size) => sum + size, 0) > mostOfProcessor) return;
  const { wantedBytes, allocatedBytes } = await device.memory.probe(needed, signal);
  if (allocatedBytes < wantedBytes) {
    const room = held + allocatedBytes;
    throw noRoomError(plan, room, choicesThatFit(plan, room, planFor));
  }
}

/** The biggest of these sizes that add up to all but `held` bytes. */
function beyond(sizes: readonly number[], held: number): number[] {
  let needed = sizes.reduce((sum, size) => sum + size, 0) - held;
  const taken: number[] = [];
  for (const size of [...sizes].sort((a, b) => b - a)) {
    if (needed <= 0) break;
    taken.push(Math.min(size, needed));
    needed -= size;
  }
  return taken;
}

/** By arithmetic: the weights, which are most of a model, are the same buffers in every choice. */
export function choicesThatFit(
  plan: ModelPlan,
  roomBytes: number,
  planFor: RoomRequest['planFor'],
): LoadChoice[] {
  const choice = (precision: Precision, contextTokens: number): LoadChoice | undefined => {
    const { memory } = planFor({ precision, contextTokens });
    const totalBytes = memory.total + memory.upload;
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
  const compact = plan.precision === 'q8' ? undefined : (choice('q8', plan.contextTokens) ?? longest('q8'));
  return [shorter, compact].filter(each => each !== undefined);
}

function noRoomError(plan: ModelPlan, roomBytes: number, choices: LoadChoice[]): BedsideError {
  const { memory, contextTokens } = plan;
  const close = 'Close other programs that use the graphics card';
  return new BedsideError(
    'out-of-memory',
    sentence`model-larger-than-room: This model takes ${{ neededBytes: inBytes(memory.total + memory.upload) }} of graphics memory with a conversation of ${{ contextTokens }} tokens; this device has room for ${{ roomBytes: inBytes(roomBytes) }}.`,
    choices.length > 0
      ? `Load it as one of the buttons says, or choose a smaller model. ${close} to have more room.`
      : `${close}, or choose a smaller model.`,
    `wanted ${memory.total + memory.upload} bytes, found ${roomBytes}`,
    choices,
  );
}
