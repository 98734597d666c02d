import type { Dispatch, Step } from '../device/dispatch.ts';
import { classKey, type KernelChoices } from '../device/kernel-choices.ts';
import type { BufferPart } from '../device/memory.ts';
import { buildLlamaHead } from '../models/llama/llama.ts';
import { buildLlamaLayer, type LlamaParts } from '../models/llama/llama-layer.ts';
import type { ClassLaunches, TunableModel } from './tunable-model.ts';

/** Of a short question after a long conversation. */
const fewTokens = 16;
/** Positions of the token that is decoded: what has come before it decides what its attention takes. */
const contexts = [512, 2048];

/** A LLaMA between the upload of its weights and its first prompt. */
export function tunableLlama(parts: LlamaParts): TunableModel {
  return {
    state: parts.buffers.state,
    weights: weightParts(parts),
    launchesByClass: choices => launchesByClass(parts, choices),
    clear: () => clearActivations(parts),
  };
}

/**
 * All launches of a model that candidates are chosen for, by `classKey`: of one token all layers and the head, of many tokens one
 * layer. Built for these choices; what they allocate is the caller's to release.
 */
async function launchesByClass(
  parts: LlamaParts,
  choices: KernelChoices,
): Promise<Map<string, ClassLaunches>> {
  const { device, config, weights, buffers, cache } = parts;
  const { variant } = device;
  device.variant = { ...variant, choices };
  try {
    const layers = Array.from({ length: config.layers }, (_, layer) => layer);
    const [one, head, many] = await Promise.all([
      // Side by side: each buffer of parameters is asked for and waited for.
      Promise.all(layers.map(layer => buildLlamaLayer(parts, 'one', layer))),
      buildLlamaHead(device, config, weights, buffers),
      buildLlamaLayer(parts, 'long', 0),
    ]);
    const dispatchesOf = (layer: { projections: Dispatch[]; rest: Dispatch[] }) => [
      ...layer.projections,
      ...layer.rest,
    ];
    const most = Math.min(cache.capacity, config.contextTokens);
    const positions = [...new Set(contexts.map(context => Math.min(context, most) - 1))];
    // As long as the prompt's may be.
    const longest = buffers.x.buffer.size / (4 * buffers.x.stride);
    const found = new Map<string, ClassLaunches>();
    const oneToken = [...one.flatMap(dispatchesOf), ...head];
    collect(found, oneToken, () => positions.map(position => ({ position, tokens: 1 })));
    collect(found, dispatchesOf(many), dispatch => {
      const steps = [longest, fewTokens].map(tokens => ({ position: 0, tokens: Math.min(tokens, most) }));
      return steps.filter(step => takesPlace(dispatch, step)).slice(0, 1);
    });
    return new Map([...found].sort(([, a], [, b]) => b.readBytes - a.readBytes));
  } finally {
    device.variant = variant;
  }
}

function takesPlace({ grid }: Dispatch, step: Step): boolean {
  return !(typeof grid === 'function' ? grid(step) : grid).includes(0);
}

/** `stepsOf`: those in which a dispatch is timed; none where it takes place in none. */
function collect(
  found: Map<string, ClassLaunches>,
  dispatches: readonly Dispatch[],
  stepsOf: (dispatch: Dispatch) => Step[],
): void {
  for (const dispatch of dispatches) {
    const { launchClass: of, grid, readBytes = 0 } = dispatch;
    if (!of) continue;
    // What does not depend on the step is timed in one.
    const steps = typeof grid === 'function' ? stepsOf(dispatch) : stepsOf(dispatch).slice(0, 1);
    if (steps.length === 0) continue;
    const key = classKey(of);
    const own = found.get(key) ?? { of, dispatches: [], steps, readBytes: 0 };
    own.dispatches.push(dispatch);
    own.readBytes += readBytes;
    found.set(key, own);
  }
}

/** Of the first layers' weights, as many as no cache holds. */
const mostReadBytes = 512 * 1024 * 1024;

/** Pieces of the model's weights for the measure of reading; whole vec4s. */
function weightParts({ weights }: LlamaParts): BufferPart[] {
  const parts: BufferPart[] = [];
  const seen = new Set<unknown>();
  let bytes = 0;
  for (const matrix of weights.matrices.values()) {
    for (const part of matrix.parts) {
      if (bytes >= mostReadBytes || seen.has(part.buffer)) continue;
      seen.add(part.buffer);
      const plane = part.planes.reduce((a, b) => (b.size > a.size ? b : a));
      parts.push(plane);
      bytes += plane.size;
    }
  }
  return parts;
}

/** What was written on the way: as the buffers were before, zeros, but for the tables of rotations. */
function clearActivations({ device, buffers }: Pick<LlamaParts, 'device' | 'buffers'>): void {
  const zeros = new Uint8Array(1024 * 1024);
  for (const [name, of] of Object.entries(buffers)) {
    if (name === 'rotations' || name === 'windowRotations') continue;
    const buffer = 'buffer' in of ? of.buffer : of;
    for (let at = 0; at < buffer.size; at += zeros.length) {
      device.write(buffer, at, zeros.subarray(0, Math.min(zeros.length, buffer.size - at)));
    }
  }
  device.flush();
}
