import type { Binding, Bindings } from '../device/dispatch.ts';
import type { KernelForms, KernelName, NamedKernel } from '../device/kernel-spec.ts';
import { BedsideError } from '../errors.ts';
import type { GpuFormatName } from '../quant/gpu-formats.ts';
import { sentence } from '../sentence.ts';
import type { Precision } from '../types/precision.ts';
import type { KernelNumbers } from './kernel-module.ts';
import type { ProcessorBuffer } from './memory.ts';

/** One launch as processor/record.ts has it. */
export interface LaunchRecord {
  /** As processor/index.ts names the kernel. */
  kernel: string;
  constants: readonly number[];
  /** Whether the kernel reads activations that were packed for it, or packs them. */
  isPacked?: boolean;
}

type Lowering = {
  [Name in KernelName]: ((form: KernelForms[Name], numberOf: KernelNumbers) => LaunchRecord[]) | null;
};

const cacheOf = (cache: Precision, numberOf: KernelNumbers) =>
  numberOf(cache === 'f32' ? 'CACHE_F32' : 'CACHE_Q8');
const formatOf = (format: GpuFormatName, numberOf: KernelNumbers) => numberOf(constantName('FORMAT', format));

/** What each kernel is here, for one block of tokens. Null: only measures devices that have it. */
const lowerings: Lowering = {
  matvec: ({ format, epilogue, normed, gated }, numberOf) => [
    {
      kernel: 'MATVEC',
      constants: [
        formatOf(format, numberOf),
        numberOf(constantName('MATVEC', epilogue)),
        Number(normed),
        Number(gated),
      ],
    },
  ],
  // The first constant is the block of tokens: `blockOf`.
  matmul: ({ format, epilogue }, numberOf) => [
    { kernel: 'PACK_ACTIVATIONS', constants: [0], isPacked: true },
    {
      kernel: 'MATMUL',
      constants: [0, formatOf(format, numberOf), numberOf(constantName('MATMUL', epilogue))],
      isPacked: true,
    },
  ],
  gather: ({ format }, numberOf) => [{ kernel: 'GATHER', constants: [formatOf(format, numberOf)] }],
  'half-norm': () => [{ kernel: 'HALF_NORM', constants: [] }],
  'rms-norm': ({ lastToken }) => [{ kernel: 'RMS_NORM', constants: [Number(lastToken)] }],
  'layer-norm': () => [{ kernel: 'LAYER_NORM', constants: [] }],
  'silu-mul': () => [{ kernel: 'SILU_MUL', constants: [] }],
  'rope-append': ({ heads, kvHeads, headDim, cache, ropeDimensions }, numberOf) => [
    { kernel: 'ROPE_APPEND', constants: [heads, kvHeads, headDim, cacheOf(cache, numberOf), ropeDimensions] },
  ],
  'attention-decode': ({ heads, kvHeads, headDim, cache, pages }, numberOf) => [
    { kernel: 'ATTENTION_DECODE', constants: [heads, kvHeads, headDim, cacheOf(cache, numberOf), pages] },
  ],
  'attention-reduce': ({ heads, headDim, pages }) => [
    { kernel: 'ATTENTION_REDUCE', constants: [heads, headDim, pages] },
  ],
  'attention-prefill': ({ heads, kvHeads, headDim, cache }, numberOf) => [
    { kernel: 'ATTENTION_PREFILL', constants: [heads, kvHeads, headDim, cacheOf(cache, numberOf)] },
  ],
  'attention-encoder': ({ heads, headDim, positions }) => [
    { kernel: 'ATTENTION_ENCODER', constants: [heads, headDim, positions] },
  ],
  'key-scores': ({ heads, kvHeads, headDim, cache }, numberOf) => [
    { kernel: 'KEY_SCORES', constants: [heads, kvHeads, headDim, cacheOf(cache, numberOf)] },
  ],
  'key-scores-reduce': ({ heads }) => [{ kernel: 'KEY_SCORES_REDUCE', constants: [heads] }],
  argmax: () => [{ kernel: 'ARGMAX', constants: [] }],
  'top-k': ({ source, count, sortedAtOnce }) => [
    { kernel: 'TOP_K', constants: [Number(source === 'candidates'), count, sortedAtOnce] },
  ],
  patches: () => [{ kernel: 'PATCHES', constants: [] }],
  positions: () => [{ kernel: 'POSITIONS', constants: [] }],
  'pixel-shuffle': () => [{ kernel: 'PIXEL_SHUFFLE', constants: [] }],
  'bench-copy': null,
  'bench-multiply-add': null,
};

/**
 * The launches, one after the other, that are a kernel in one form, for the first block of tokens.
 * @throws `gpu-error` where the processor does not have it
 */
export function lowerKernel(spec: NamedKernel, numberOf: KernelNumbers): LaunchRecord[] {
  const form = spec.form as { cache?: Precision; headDim?: number; page?: number };
  const lower = lowerings[spec.kernel] as ((form: unknown, numberOf: KernelNumbers) => LaunchRecord[]) | null;
  // Its caches are f32 and 8 bits: it has no f16 arithmetic, and says so (`variant`).
  if (!lower || form.cache === 'f16') throw noSuchKernelError(spec.kernel);
  if (form.page !== undefined && form.page !== 64) throw noSuchKernelError(spec.kernel);
  if ((form.headDim ?? 0) > numberOf('MOST_DIMENSIONS')) throw noSuchKernelError(spec.kernel);
  return lower(spec.form, numberOf);
}

/** `q4_0` as FORMAT_Q4_0. */
function constantName(prefix: string, name: string): string {
  return `${prefix}_${name.toUpperCase().replaceAll('-', '_')}`;
}

function noSuchKernelError(kernel: string): BedsideError {
  return new BedsideError(
    'gpu-error',
    sentence`processor-without-kernel: This device's processor cannot compute "${{ kernel }}" in this form.`,
    'Choose another precision for the memory of the conversation, or another device.',
  );
}

/** Another block of tokens of the same launch. */
export function blockOf(record: LaunchRecord, block: number): LaunchRecord {
  return { ...record, constants: [block, ...record.constants.slice(1)] };
}

/** Writes a record. `packed`: the room for packed activations. */
export function writeRecord(
  words: Uint32Array,
  record: LaunchRecord,
  bindings: Bindings,
  packed: number,
  numberOf: KernelNumbers,
): void {
  words[0] = numberOf(record.kernel);
  words.set(record.constants, numberOf('RECORD_CONSTANTS') / 4);
  const first = numberOf('RECORD_BINDINGS') / 4;
  for (const [binding, part] of Object.entries(bindings)) {
    const { address, bytes } = placeOf(part);
    words[first + 2 * Number(binding)] = address;
    words[first + 2 * Number(binding) + 1] = bytes;
  }
  words[first + 2 * numberOf('PACKED_BINDING')] = packed;
}

/** Where a binding lies. */
export function placeOf(part: Binding): { address: number; bytes: number } {
  if (!('buffer' in part)) return { address: (part as ProcessorBuffer).address, bytes: part.size };
  return { address: (part.buffer as ProcessorBuffer).address + part.offset, bytes: part.size };
}
