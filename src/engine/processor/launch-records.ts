import type { Binding, Bindings } from '../device/dispatch.ts';
import type { KernelForms, KernelName, NamedKernel } from '../device/kernel-spec.ts';
import { BedsideError } from '../errors.ts';
import { type GpuFormatName, gpuFormats } from '../quant/gpu-formats.ts';
import { productBits } from '../quant/product-bits.ts';
import { sentence } from '../sentence.ts';
import type { ActivationBits } from '../types/device-choice.ts';
import type { Precision } from '../types/precision.ts';
import type { ProcessorBuffer } from './buffer.ts';
import type { KernelNumbers } from './kernel-module.ts';

/** One launch as processor/record.ts has it. */
export interface LaunchRecord {
  /** As processor/index.ts names the kernel. */
  kernel: string;
  constants: readonly number[];
  /** Whether the kernel reads activations that were packed for it, or packs them. */
  isPacked?: boolean;
}

type Lowering = {
  [Name in KernelName]: (
    form: KernelForms[Name],
    numberOf: KernelNumbers,
    bits: ActivationBits,
  ) => LaunchRecord[];
};

const cacheOf = (cache: Precision, numberOf: KernelNumbers) => numberOf(constantName('CACHE', cache));
const formatOf = (format: GpuFormatName, numberOf: KernelNumbers) => numberOf(constantName('FORMAT', format));
const liesInterleaved = (format: GpuFormatName, bits: ActivationBits) =>
  Number(bits !== 32 && gpuFormats[format].granules !== undefined);

/** What each kernel is here, for one block of tokens. */
const lowerings: Lowering = {
  matvec({ format, epilogue, normed, gated }, numberOf, bits) {
    const constants = [
      formatOf(format, numberOf),
      numberOf(constantName('MATVEC', epilogue)),
      Number(normed),
      Number(gated),
    ];
    const rounded = productBits(format, 'matvec', bits);
    if (rounded === 32) return [{ kernel: 'MATVEC', constants }];
    return [{ kernel: 'ROUNDED_MATVEC', constants: [...constants, rounded] }];
  },
  // The first constant is the block of tokens: `blockOf`.
  matmul({ format, epilogue }, numberOf, bits) {
    const number = formatOf(format, numberOf);
    const constants = [0, number, numberOf(constantName('MATMUL', epilogue))];
    const rounded = productBits(format, 'matmul', bits);
    if (rounded === 32) {
      return [
        { kernel: 'PACK_ACTIVATIONS', constants: [0], isPacked: true },
        { kernel: 'MATMUL', constants: [...constants, liesInterleaved(format, bits)], isPacked: true },
      ];
    }
    return [
      { kernel: 'PACK_ROUNDED', constants: [0, number, rounded], isPacked: true },
      { kernel: 'ROUNDED_MATMUL', constants: [...constants, rounded], isPacked: true },
    ];
  },
  // A block of tokens reads the matrix once there, however many they are.
  columns: ({ format, epilogue }, numberOf, bits) => lowerings.matmul({ format, epilogue }, numberOf, bits),
  gather: ({ format }, numberOf, bits) => [
    { kernel: 'GATHER', constants: [formatOf(format, numberOf), liesInterleaved(format, bits)] },
  ],
  'half-norm': () => [{ kernel: 'HALF_NORM', constants: [] }],
  'rms-norm': ({ lastToken, adds }) => [{ kernel: 'RMS_NORM', constants: [Number(lastToken), Number(adds)] }],
  'head-norm': ({ heads, kvHeads, headDim }) => [
    { kernel: 'HEAD_NORM', constants: [heads, kvHeads, headDim] },
  ],
  'add-bias': ({ q, kv }) => [{ kernel: 'ADD_BIAS', constants: [q, kv] }],
  'layer-norm': () => [{ kernel: 'LAYER_NORM', constants: [] }],
  'silu-mul': () => [{ kernel: 'SILU_MUL', constants: [] }],
  'gelu-mul': () => [{ kernel: 'GELU_MUL', constants: [] }],
  'rope-append': ({ heads, kvHeads, headDim, cache, ropeDimensions }, numberOf) => [
    { kernel: 'ROPE_APPEND', constants: [heads, kvHeads, headDim, cacheOf(cache, numberOf), ropeDimensions] },
  ],
  'attention-decode': ({ heads, kvHeads, headDim, cache, pages, window }, numberOf) => [
    {
      kernel: 'ATTENTION_DECODE',
      constants: [heads, kvHeads, headDim, cacheOf(cache, numberOf), pages, window],
    },
  ],
  'attention-reduce': ({ heads, headDim, pages, window }) => [
    { kernel: 'ATTENTION_REDUCE', constants: [heads, headDim, pages, window] },
  ],
  'attention-prefill': ({ heads, kvHeads, headDim, cache, window }, numberOf) => [
    { kernel: 'ATTENTION_PREFILL', constants: [heads, kvHeads, headDim, cacheOf(cache, numberOf), window] },
  ],
  'attention-encoder': ({ heads, headDim, positions }) => [
    { kernel: 'ATTENTION_ENCODER', constants: [heads, headDim, positions] },
  ],
  'key-scores': ({ heads, kvHeads, headDim, cache }, numberOf) => [
    { kernel: 'KEY_SCORES', constants: [heads, kvHeads, headDim, cacheOf(cache, numberOf)] },
  ],
  'key-scores-reduce': ({ heads }) => [{ kernel: 'KEY_SCORES_REDUCE', constants: [heads] }],
  argmax: ({ pass }) => [{ kernel: pass === 'parts' ? 'ARGMAX_PARTS' : 'ARGMAX_JOIN', constants: [] }],
  'top-k': ({ source, count, sortedAtOnce }) => [
    { kernel: 'TOP_K', constants: [Number(source === 'candidates'), count, sortedAtOnce] },
  ],
  draw: ({ count }) => [{ kernel: 'DRAW', constants: [count] }],
  patches: () => [{ kernel: 'PATCHES', constants: [] }],
  positions: () => [{ kernel: 'POSITIONS', constants: [] }],
  'pixel-shuffle': () => [{ kernel: 'PIXEL_SHUFFLE', constants: [] }],
  'patch-pool': () => [{ kernel: 'PATCH_POOL', constants: [] }],
  'bench-copy': () => [{ kernel: 'BENCH_COPY', constants: [] }],
  // A processor has no candidates to compare with it.
  'bench-read': () => [],
  'bench-multiply-add': () => [{ kernel: 'BENCH_MULTIPLY_ADD', constants: [] }],
};

/**
 * The launches, one after the other, that are a kernel in one form, for the first block of tokens.
 * @param bits of the activations that products read
 * @throws `gpu-error` where the processor does not have it
 */
export function lowerKernel(
  spec: NamedKernel,
  numberOf: KernelNumbers,
  bits: ActivationBits,
): LaunchRecord[] {
  const form = spec.form as { headDim?: number; page?: number };
  const lower = lowerings[spec.kernel] as (
    form: unknown,
    numberOf: KernelNumbers,
    bits: ActivationBits,
  ) => LaunchRecord[];
  if (form.page !== undefined && form.page !== 64) throw noSuchKernelError(spec.kernel);
  if ((form.headDim ?? 0) > numberOf('MOST_DIMENSIONS')) throw noSuchKernelError(spec.kernel);
  return lower(spec.form, numberOf, bits);
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

/**
 * Writes a record.
 * @param addressOf where a buffer lies in the memory of the record
 * @param packed the room for packed activations
 */
export function writeRecord(
  words: Uint32Array,
  record: LaunchRecord,
  bindings: Bindings,
  addressOf: (buffer: ProcessorBuffer) => number,
  packed: number,
  numberOf: KernelNumbers,
): void {
  words[0] = numberOf(record.kernel);
  words.set(record.constants, numberOf('RECORD_CONSTANTS') / 4);
  const first = numberOf('RECORD_BINDINGS') / 4;
  for (const [binding, part] of Object.entries(bindings)) {
    const offset = 'buffer' in part ? part.offset : 0;
    words[first + 2 * Number(binding)] = addressOf(bufferOf(part)) + offset;
    words[first + 2 * Number(binding) + 1] = part.size;
  }
  words[first + 2 * numberOf('PACKED_BINDING')] = packed;
}

export function bufferOf(part: Binding): ProcessorBuffer {
  return ('buffer' in part ? part.buffer : part) as ProcessorBuffer;
}
