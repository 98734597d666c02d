import type { Variant } from '../device/device.ts';
import { chosenCandidate, type LaunchClass } from '../device/kernel-choices.ts';
import type { Precision } from '../types/precision.ts';
import { cacheWords } from './cache-format.ts';

/** What decode attention is cut by. */
export interface DecodeHeads {
  heads: number;
  kvHeads: number;
  headDim: number;
  cache: Precision;
}

/** How decode attention is cut into workgroups. */
export interface DecodeGeometry {
  workgroupSize: number;
  /** Keys of a workgroup. */
  keys: number;
  /** Query heads of a workgroup, which share its keys. */
  group: number;
}

/** Words of the cache that an invocation of a GPU asks for at once. */
export const decodeLoads = 8;

/** Of keys, or of splits, that a workgroup's invocations share out: heads of few dimensions leave some idle. */
export const mostParts = 16;

/** Invocations that join the splits of a head on a GPU. */
export const reduceWorkgroupSize = 128;

/** On a GPU; the first is the default. */
const candidates = {
  'keys-64': { workgroupSize: 64, keys: 64 },
  'keys-128': { workgroupSize: 128, keys: 128 },
  'keys-128-narrow': { workgroupSize: 64, keys: 128 },
  'keys-256': { workgroupSize: 128, keys: 256 },
} as const;
type Candidate = keyof typeof candidates;
const names = Object.keys(candidates) as Candidate[];

/** What WebGPU gives every workgroup. */
const workgroupBytes = 16384;

export function decodeClass({ heads, kvHeads, headDim, cache }: DecodeHeads): LaunchClass {
  return { kind: `attention-decode ${cache} ${heads / kvHeads}x${headDim}`, size: `${kvHeads}` };
}

/** Those whose workgroups have room, the default first: it always does, with as few heads as that takes. */
export function decodeCandidates(shape: DecodeHeads): readonly [Candidate, ...Candidate[]] {
  const [first, ...others] = names;
  const group = groupOf(shape);
  return [first!, ...others.filter(name => bytesOf(shape, { ...candidates[name], group }) <= workgroupBytes)];
}

export function decodeGeometry(shape: DecodeHeads, choices: Variant['choices']): DecodeGeometry {
  const name = chosenCandidate(choices, decodeClass(shape), decodeCandidates(shape));
  return { ...candidates[name], group: groupOf(shape) };
}

/** As many heads as share keys, up to eight, whose workgroup has room. */
function groupOf(shape: DecodeHeads): number {
  const sharing = shape.heads / shape.kvHeads;
  const hasRoom = (group: number) => bytesOf(shape, { ...candidates['keys-64'], group }) <= workgroupBytes;
  return [8, 7, 6, 5, 4, 3, 2].find(group => sharing % group === 0 && hasRoom(group)) ?? 1;
}

/** Of the arrays of shaders/attention/decode.wgsl and of what it reduces in. */
function bytesOf({ headDim, cache }: DecodeHeads, { workgroupSize, keys, group }: DecodeGeometry): number {
  const { words, quads } = cacheWords({ headDim, cache });
  const scales = cache === 'q8' ? Math.ceil(headDim / 32) : 1;
  const query = group * Math.ceil(words / decodeLoads) * decodeLoads * quads * 16;
  return query + group * scales * keys * 4 + quads * workgroupSize * 16 + workgroupSize * 16;
}

/** On a processor that passes for a GPU, which is kept busy by few invocations that need not wait for one another. */
export function softwareDecodeGeometry(shape: DecodeHeads): DecodeGeometry & { batch: number } {
  const sharing = shape.heads / shape.kvHeads;
  if (shape.headDim > 128) {
    // A lane for each four dimensions, and room for a weight of each scale.
    const group = sharing % 2 === 0 ? 2 : 1;
    return { workgroupSize: 64, keys: 128, group, batch: 2 };
  }
  const group = [4, 2].find(count => sharing % count === 0) ?? 1;
  // Workgroup memory holds group * keys scores, and weights as many times as a head has scales.
  return { workgroupSize: 32, keys: group > 2 ? 128 : 256, group, batch: 4 / group };
}
