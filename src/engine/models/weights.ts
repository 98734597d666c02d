import { abortedError, FormatError } from '../errors.ts';
import type { ByteSource } from '../formats/byte-source.ts';
import type { GgufTensor } from '../formats/gguf.ts';
import type { EngineDevice } from '../gpu/device.ts';
import { allocateJoined, type JoinedMatrix } from '../kernels/joined-matrix.ts';
import { allocateMatrix, type Matrix, writeRows } from '../kernels/matrix.ts';
import { dequantizeTensor } from '../quant/dequantize.ts';
import { firstBrokenScale } from '../quant/finite-scales.ts';
import { paddedColumns, placements } from '../quant/gpu-formats.ts';

/** The most that is read, repacked and handed to the GPU at once. */
const pieceBytes = 8 * 1024 * 1024;
/** Uploads wait for the GPU after this much, so that the driver's staging memory stays small. */
const uploadWindowBytes = 64 * 1024 * 1024;

export interface UploadEvents {
  signal?: AbortSignal;
  /** Bytes of the file so far. */
  onUpload?: (doneBytes: number) => void;
}

/**
 * The tensors of one file on the GPU: matrices in planes, vectors as f32. Their memory comes first, so that a model that
 * does not fit is refused before gigabytes are read. Then they are read in file order, piece by piece: JavaScript never
 * holds more than one piece whatever the model's size.
 */
export class Weights {
  readonly matrices = new Map<string, Matrix>();
  readonly vectors = new Map<string, GPUBuffer>();
  readonly #joined = new Map<string, JoinedMatrix>();
  readonly #device: EngineDevice;
  readonly #inFileOrder: readonly GgufTensor[];

  private constructor(device: EngineDevice, tensors: Iterable<GgufTensor>) {
    this.#device = device;
    this.#inFileOrder = [...tensors].sort((a, b) => a.offset - b.offset);
  }

  /**
   * Rejects with `out-of-memory`; what was allocated until then is the caller's to release.
   * @param together names of matrices of one width that are multiplied with the same vector: see `joined`
   */
  static async allocate(
    device: EngineDevice,
    tensors: Iterable<GgufTensor>,
    together: Iterable<readonly string[]> = [],
  ): Promise<Weights> {
    const weights = new Weights(device, tensors);
    const byName = new Map(weights.#inFileOrder.map(tensor => [tensor.name, tensor]));
    for (const names of together) {
      for (const run of runsOfOneFormat(names.map(name => byName.get(name)!))) await weights.#join(run);
    }
    for (const tensor of weights.#inFileOrder) {
      if (!weights.matrices.has(tensor.name)) await weights.#allocate(tensor);
    }
    return weights;
  }

  /** Rejects with `aborted`, `truncated-model`, or `invalid-model` where a number is not finite. */
  async upload(source: ByteSource, { signal, onUpload }: UploadEvents = {}): Promise<void> {
    const device = this.#device;
    let done = 0;
    let pending = 0;
    const report = async (bytes: number) => {
      done += bytes;
      pending += bytes;
      if (pending >= uploadWindowBytes) {
        pending = 0;
        device.gpu.queue.submit([]);
        await device.guard(device.gpu.queue.onSubmittedWorkDone());
      }
      onUpload?.(done);
    };
    for (const tensor of this.#inFileOrder) await this.#upload(source, tensor, report, signal);
    await device.guard(device.gpu.queue.onSubmittedWorkDone());
  }

  matrix(name: string): Matrix {
    return this.matrices.get(name)!;
  }

  /**
   * The matrices of these names, which were allocated together, in order: joined as far as neighbours have one format
   * and the device can bind them as one.
   */
  joined(names: readonly string[]): JoinedMatrix[] {
    return [...new Set(names.map(name => this.#joined.get(name)!))];
  }

  vector(name: string): GPUBuffer {
    return this.vectors.get(name)!;
  }

  async #allocate(tensor: GgufTensor): Promise<void> {
    const [columns, rows] = tensor.shape;
    if (rows === undefined) {
      // As long as the activations that it may be multiplied with.
      const bytes = paddedColumns(tensor.elements) * 4;
      this.vectors.set(tensor.name, await this.#device.memory.storage(tensor.name, bytes));
    } else {
      const { format } = placements[tensor.typeName]!;
      this.matrices.set(tensor.name, await allocateMatrix(this.#device, tensor.name, rows, columns!, format));
    }
  }

  async #join(tensors: readonly GgufTensor[]): Promise<void> {
    const [columns] = tensors[0]!.shape;
    const { format } = placements[tensors[0]!.typeName]!;
    const members = tensors.map(({ name, shape }) => ({ name, rows: shape[1]! }));
    const joined =
      tensors.length > 1 ? await allocateJoined(this.#device, members, columns!, format) : undefined;
    for (const [i, { name, rows }] of members.entries()) {
      const matrix = joined?.members[i] ?? (await allocateMatrix(this.#device, name, rows, columns!, format));
      this.matrices.set(name, matrix);
      this.#joined.set(name, joined ?? { whole: matrix, members: [matrix], starts: [0] });
    }
  }

  async #upload(
    source: ByteSource,
    tensor: GgufTensor,
    report: (bytes: number) => Promise<void>,
    signal?: AbortSignal,
  ): Promise<void> {
    const matrix = this.matrices.get(tensor.name);
    if (!matrix) {
      const values = dequantizeTensor(tensor.type, await source.read(tensor.offset, tensor.bytes));
      const bad = values.findIndex(value => !Number.isFinite(value));
      if (bad >= 0) throw brokenWeight(tensor, tensor.offset);
      this.#device.gpu.queue.writeBuffer(this.vector(tensor.name), 0, values as Float32Array<ArrayBuffer>);
      await report(tensor.bytes);
      return;
    }
    const rowBytes = tensor.bytes / matrix.rows;
    // Even, because two rows' f16 scales may share a word.
    const pieceRows = Math.max(2, Math.floor(pieceBytes / rowBytes / 2) * 2);
    for (let row = 0; row < matrix.rows; row += pieceRows) {
      if (signal?.aborted) throw abortedError();
      const rows = Math.min(pieceRows, matrix.rows - row);
      const offset = tensor.offset + row * rowBytes;
      const bytes = await source.read(offset, rows * rowBytes);
      const bad = firstBrokenScale(tensor.typeName, bytes);
      if (bad !== undefined) throw brokenWeight(tensor, offset + bad);
      writeRows(this.#device, matrix, placements[tensor.typeName]!, bytes, row, rows);
      this.#device.check();
      await report(bytes.byteLength);
    }
  }
}

/** Neighbours whose matrices have one format on the GPU. */
export function runsOfOneFormat(tensors: readonly GgufTensor[]): GgufTensor[][] {
  const runs: GgufTensor[][] = [];
  for (const tensor of tensors) {
    const run = runs.at(-1);
    const formatOf = ({ typeName }: GgufTensor) => placements[typeName]!.format;
    if (run && formatOf(run[0]!) === formatOf(tensor)) run.push(tensor);
    else runs.push([tensor]);
  }
  return runs;
}

function brokenWeight(tensor: GgufTensor, offset: number): FormatError {
  return new FormatError(offset, `The tensor "${tensor.name}" holds a number that is not finite`);
}
