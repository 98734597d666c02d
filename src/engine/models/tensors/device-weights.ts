import { FormatError } from '../../errors.ts';
import type { ByteSource } from '../../formats/byte-source.ts';
import type { GgufTensor } from '../../formats/gguf.ts';
import { readAhead } from '../../formats/read-ahead.ts';
import type { EngineDevice } from '../../gpu/device.ts';
import { allocateJoined, type JoinedMatrix } from '../../kernels/joined-matrix.ts';
import { allocateMatrix, type Matrix, PlaneRoom, writeRows } from '../../kernels/matrix.ts';
import { dequantizeTensor } from '../../quant/dequantize.ts';
import { firstBrokenScale } from '../../quant/finite-scales.ts';
import { placements } from '../../quant/gpu-formats.ts';
import { sentence } from '../../sentence.ts';
import { layOutWeights, vectorBytes } from './weight-layout.ts';

/** The most that is read, repacked and handed to the GPU at once. */
const pieceBytes = 8 * 1024 * 1024;
/**
 * Uploads wait for the GPU so that no more than this waits for it, and the driver's staging memory stays small; by halves,
 * so that the GPU still has work while they wait.
 */
export const uploadWindowBytes = 64 * 1024 * 1024;

/** Some rows of a matrix, or a whole vector, as they lie in the file. */
interface Piece {
  tensor: GgufTensor;
  offset: number;
  bytes: number;
  firstRow: number;
  rows: number;
}

export interface UploadEvents {
  signal?: AbortSignal;
  /** Bytes of the file so far. */
  onUpload?: (doneBytes: number) => void;
}

/**
 * The tensors of one file on the GPU: matrices in planes, vectors as f32. Their memory comes first, so that a model that
 * does not fit is refused before gigabytes are read. Then they are read in file order, piece by piece, the next ones while
 * one is repacked: JavaScript never holds more than three pieces whatever the model's size.
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
    for (const { tensors, isTogether } of layOutWeights(device, weights.#inFileOrder, together)) {
      if (isTogether) await weights.#join(tensors);
      else await weights.#allocate(tensors[0]!);
    }
    return weights;
  }

  /** Rejects with `aborted`, `truncated-model`, or `invalid-model` where a number is not finite. */
  async upload(source: ByteSource, { signal, onUpload }: UploadEvents = {}): Promise<void> {
    const device = this.#device;
    const { queue } = device.gpu;
    const room = new PlaneRoom();
    let done = 0;
    let pending = 0;
    let previous: Promise<unknown> = Promise.resolve();
    for await (const { range: piece, bytes } of readAhead(source, this.#pieces(), signal)) {
      this.#place(piece, bytes, room);
      device.check();
      done += piece.bytes;
      pending += piece.bytes;
      if (pending >= uploadWindowBytes / 2) {
        pending = 0;
        queue.submit([]);
        const current = device.guard(queue.onSubmittedWorkDone());
        // It is waited for half a window later, or never where something else fails first.
        current.catch(() => undefined);
        await previous;
        previous = current;
      }
      onUpload?.(done);
    }
    await device.guard(queue.onSubmittedWorkDone());
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
      const buffer = await this.#device.memory.storage(tensor.name, vectorBytes(tensor));
      this.vectors.set(tensor.name, buffer);
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

  *#pieces(): Generator<Piece> {
    for (const tensor of this.#inFileOrder) {
      const rows = this.matrices.get(tensor.name)?.rows ?? 1;
      const rowBytes = tensor.bytes / rows;
      // Even, because two rows' f16 scales may share a word.
      const pieceRows = Math.max(2, Math.floor(pieceBytes / rowBytes / 2) * 2);
      for (let firstRow = 0; firstRow < rows; firstRow += pieceRows) {
        const count = Math.min(pieceRows, rows - firstRow);
        const offset = tensor.offset + firstRow * rowBytes;
        yield { tensor, offset, bytes: count * rowBytes, firstRow, rows: count };
      }
    }
  }

  /** Checks and repacks a piece and hands it to the GPU. */
  #place({ tensor, offset, firstRow, rows }: Piece, bytes: Uint8Array, room: PlaneRoom): void {
    const bad = firstBrokenScale(tensor.typeName, bytes);
    if (bad !== undefined) throw brokenWeight(tensor, offset + bad);
    const matrix = this.matrices.get(tensor.name);
    if (matrix) {
      writeRows(this.#device, matrix, placements[tensor.typeName]!, bytes, firstRow, rows, room);
      return;
    }
    const values = dequantizeTensor(tensor.type, bytes);
    this.#device.gpu.queue.writeBuffer(this.vector(tensor.name), 0, values as Float32Array<ArrayBuffer>);
  }
}

function brokenWeight(tensor: GgufTensor, offset: number): FormatError {
  return new FormatError(
    offset,
    sentence`tensor-is-not-finite: The tensor "${{ tensor: tensor.name }}" holds a number that is not finite`,
  );
}
