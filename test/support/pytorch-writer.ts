/** Writes PyTorch checkpoints for tests: the archive and pickle that `torch.save(state_dict)` makes of the same tensors. */
import { PickleWriter } from './pickle-writer.ts';
import { type WriterEntry, writeZip } from './zip-writer.ts';

export interface TorchWriterTensor {
  name: string;
  /** By the names of safetensors: F32, F16 or BF16. */
  dtype: string;
  shape: readonly number[];
  data: Uint8Array;
  /** Where it differs from the truth. */
  says?: {
    storageType?: string;
    key?: string;
    elements?: number;
    offset?: number;
    shape?: readonly number[];
    strides?: readonly number[];
  };
}

const storages: Readonly<Record<string, [name: string, bytes: number]>> = {
  F32: ['FloatStorage', 4],
  F16: ['HalfStorage', 2],
  BF16: ['BFloat16Storage', 2],
};

export function writePytorch(
  tensors: readonly TorchWriterTensor[],
  root = 'archive',
): Uint8Array<ArrayBuffer> {
  return joinPytorch(
    writeStateDict(tensors),
    tensors.map(({ data }) => data),
    root,
  );
}

/** Any pickle, with storages under the keys 0, 1, ... */
export function joinPytorch(
  pickle: Uint8Array,
  storageData: readonly Uint8Array[],
  root = 'archive',
): Uint8Array<ArrayBuffer> {
  const text = (value: string) => new TextEncoder().encode(value);
  const entries: WriterEntry[] = [
    { name: `${root}/data.pkl`, data: pickle },
    { name: `${root}/byteorder`, data: text('little') },
    ...storageData.map((data, i) => ({ name: `${root}/data/${i}`, data })),
    { name: `${root}/version`, data: text('3\n') },
  ];
  return writeZip(entries);
}

export function writeStateDict(tensors: readonly TorchWriterTensor[]): Uint8Array<ArrayBuffer> {
  const pickle = new PickleWriter().protocol().global('collections', 'OrderedDict').memorise().code(')R(');
  for (const [i, tensor] of tensors.entries())
    writeTensor(pickle.text(tensor.name).memorise(), tensor, String(i));
  // The versions of the model's layers, which PyTorch keeps beside the weights.
  return pickle.code('u}').text('_metadata').code('h').raw(0).code(')Rsb').finish();
}

export function writeTensor(pickle: PickleWriter, tensor: TorchWriterTensor, index: string): PickleWriter {
  const { shape: trueShape, dtype, data, says = {} } = tensor;
  const [type, bytes] = storages[dtype]!;
  const shape = says.shape ?? trueShape;
  const strides =
    says.strides ?? shape.map((_, i) => shape.slice(i + 1).reduce((product, n) => product * n, 1));
  pickle.global('torch._utils', '_rebuild_tensor_v2').code('((').text('storage');
  pickle
    .global('torch', says.storageType ?? type)
    .text(says.key ?? index)
    .text('cpu');
  pickle.int(says.elements ?? data.length / bytes).code('tQ');
  pickle
    .int(says.offset ?? 0)
    .ints(shape)
    .ints(strides)
    .raw(0x89);
  return pickle.global('collections', 'OrderedDict').code(')RtR').memorise();
}
