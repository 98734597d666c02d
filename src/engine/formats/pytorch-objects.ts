import { sentence } from '../sentence.ts';
import { quoted } from './gguf-cursor.ts';
import { type PickleFailure, PickleFunction, type PickleNames } from './restricted-pickle.ts';
import { elementBits } from './tensor-entry.ts';

const USE_SAFETENSORS = 'Get the copy of the model that comes as .safetensors files.';
const MOST_DIMENSIONS = 16;

/** Element types by the names of PyTorch's storages. */
const storageTypes: Readonly<Record<string, string>> = {
  FloatStorage: 'F32',
  HalfStorage: 'F16',
  BFloat16Storage: 'BF16',
  DoubleStorage: 'F64',
  LongStorage: 'I64',
  IntStorage: 'I32',
  ShortStorage: 'I16',
  CharStorage: 'I8',
  ByteStorage: 'U8',
  BoolStorage: 'BOOL',
};

/** Element types that have no storage of their own, by PyTorch's names. */
const laterTypes: Readonly<Record<string, string>> = {
  float8_e4m3fn: 'F8_E4M3',
  float8_e5m2: 'F8_E5M2',
  uint16: 'U16',
  uint32: 'U32',
  uint64: 'U64',
};

class ElementType {
  readonly dtype: string;

  constructor(dtype: string) {
    this.dtype = dtype;
  }
}

class StorageType extends ElementType {}

class Storage {
  readonly key: string;
  readonly dtype: string;
  readonly bytes: number;

  constructor(key: string, dtype: string, bytes: number) {
    this.key = key;
    this.dtype = dtype;
    this.bytes = bytes;
  }
}

/** A tensor of a PyTorch checkpoint: a contiguous part of one of its storages. */
export class TorchTensor {
  /** By the names of safetensors. */
  readonly dtype: string;
  readonly shape: number[];
  readonly bytes: number;
  /** From the start of the storage, in bytes. */
  readonly offset: number;
  /** Tensors may share one. */
  readonly storage: { readonly key: string; readonly bytes: number };

  constructor(storage: Storage, dtype: string, shape: number[], offset: number, bytes: number) {
    this.storage = storage;
    this.dtype = dtype;
    this.shape = shape;
    this.offset = offset;
    this.bytes = bytes;
  }
}

const orderedDict = new PickleFunction((args, fail) => {
  if (args.length > 0) throw fail(sentence`table-of-weights-is-damaged: A table of weights is damaged`);
  return new Map();
});

/** torch._utils._rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks[, metadata]) */
const rebuildTensor = new PickleFunction((args, fail) => {
  const [storage, offset, shape, strides] = args;
  if (!(storage instanceof Storage) || args.length < 6 || args.length > 7) throw damaged(fail);
  return makeTensor(storage, storage.dtype, [offset, shape, strides], fail);
});

/** torch._utils._rebuild_tensor_v3: the same with the element type after the hooks. */
const rebuildTypedTensor = new PickleFunction((args, fail) => {
  const [storage, offset, shape, strides, , , type] = args;
  if (!(storage instanceof Storage && type instanceof ElementType) || args.length < 7 || args.length > 8) {
    throw damaged(fail);
  }
  return makeTensor(storage, type.dtype, [offset, shape, strides], fail);
});

/** torch._utils._rebuild_parameter(data, requires_grad, hooks) */
const rebuildParameter = new PickleFunction((args, fail) => {
  const [data] = args;
  if (!(data instanceof TorchTensor) || args.length !== 3) throw damaged(fail);
  return data;
});

const named: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['collections.OrderedDict', orderedDict],
  ['torch._utils._rebuild_tensor_v2', rebuildTensor],
  ['torch._utils._rebuild_tensor_v3', rebuildTypedTensor],
  ['torch._utils._rebuild_parameter', rebuildParameter],
  ['torch.storage.UntypedStorage', new StorageType('U8')],
  ...Object.entries(storageTypes).map(([name, dtype]) => [`torch.${name}`, new StorageType(dtype)] as const),
  ...Object.entries(laterTypes).map(([name, dtype]) => [`torch.${name}`, new ElementType(dtype)] as const),
]);

/** All that a PyTorch checkpoint may name: what builds tensors, and nothing else. */
export const pytorchNames: PickleNames = {
  find(module, name, fail) {
    const value = named.get(`${module}.${name}`);
    if (value === undefined && module === 'torch' && /^\w{1,32}Storage$/.test(name)) {
      throw fail(
        sentence`unknown-storage-type: The file stores numbers as ${{ type: quoted(name) }}`,
        'unsupported-model',
        USE_SAFETENSORS,
      );
    }
    if (value === undefined && module === 'torch._utils' && /^_rebuild_\w{1,32}$/.test(name)) {
      throw fail(
        sentence`weights-are-not-plain: The file holds weights in another form than plain numbers (${{ form: quoted(name) }})`,
        'unsupported-model',
        'Get the copy of the model in BF16, F16 or F32, not a quantised or sparse one.',
      );
    }
    return value;
  },

  /** ('storage', type, key, device, elements) */
  load(id, fail) {
    if (!Array.isArray(id) || id.length !== 5) throw damaged(fail);
    const [kind, type, key, , elements] = id as unknown[];
    if (
      kind !== 'storage' ||
      !(type instanceof StorageType) ||
      typeof key !== 'string' ||
      !isCount(elements)
    ) {
      throw damaged(fail);
    }
    return new Storage(key, type.dtype, elements * bytesOf(type.dtype));
  },
};

function makeTensor(
  storage: Storage,
  dtype: string,
  [offset, shape, strides]: readonly [unknown, unknown, unknown],
  fail: PickleFailure,
): TorchTensor {
  if (!isCount(offset) || !isCountList(shape) || !isCountList(strides) || shape.length !== strides.length) {
    throw damaged(fail);
  }
  if (!isContiguous(shape, strides)) {
    throw fail(
      sentence`weight-is-not-contiguous: The file holds a weight whose numbers do not follow one another (it was transposed or cut)`,
      'unsupported-model',
      USE_SAFETENSORS,
    );
  }
  // By BigInt: a product of sizes could lose precision before it is compared.
  const elements = shape.reduce((product, size) => product * BigInt(size), 1n);
  const size = bytesOf(dtype);
  if ((BigInt(offset) + elements) * BigInt(size) > storage.bytes) {
    throw fail(
      sentence`weight-larger-than-storage: A weight is larger than the part of the file that should hold it`,
    );
  }
  return new TorchTensor(storage, dtype, [...shape], offset * size, Number(elements) * size);
}

/** Whether numbers lie row by row without gaps; the stride of a single row, or of no rows, says nothing. */
function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  if (shape.includes(0)) return true;
  let wanted = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    if (shape[i] !== 1 && strides[i] !== wanted) return false;
    wanted *= shape[i]!;
  }
  return true;
}

function bytesOf(dtype: string): number {
  return elementBits[dtype]! / 8;
}

function damaged(fail: PickleFailure) {
  return fail(sentence`weight-description-is-damaged: The description of a weight is damaged`);
}

function isCount(value: unknown): value is number {
  // Eight bytes an element at most: sizes in bytes stay exact.
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 2 ** 50;
}

function isCountList(value: unknown): value is number[] {
  return Array.isArray(value) && value.length <= MOST_DIMENSIONS && value.every(isCount);
}
