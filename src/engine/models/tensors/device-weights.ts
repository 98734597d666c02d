import type { EngineDevice } from '../../device/device.ts';
import type { DeviceBuffer } from '../../device/memory.ts';
import type { GgufTensor } from '../../formats/gguf.ts';
import { allocateJoined, type JoinedMatrix } from '../../kernels/joined-matrix.ts';
import { allocateMatrix, type Matrix } from '../../kernels/matrix.ts';
import { placements } from '../../quant/gpu-formats.ts';
import type { HeldTensor } from './held-tensor.ts';
import { layOutWeights, vectorBytes } from './weight-layout.ts';

/**
 * The tensors of one file on the GPU: matrices in planes, vectors as f32. Their memory comes first, so that a model that
 * does not fit is refused before gigabytes are read (loading/upload-weights.ts).
 */
export class DeviceWeights {
  readonly matrices = new Map<string, Matrix>();
  readonly vectors = new Map<string, DeviceBuffer>();
  readonly #joined = new Map<string, JoinedMatrix>();
  readonly #device: EngineDevice;
  /** By their offset. */
  readonly inFileOrder: readonly HeldTensor[];

  private constructor(device: EngineDevice, tensors: Iterable<HeldTensor>) {
    this.#device = device;
    this.inFileOrder = [...tensors].sort((a, b) => a.offset - b.offset);
  }

  /**
   * Rejects with `out-of-memory`; what was allocated until then is the caller's to release.
   * @param together names of matrices of one width that are multiplied with the same vector: see `joined`
   */
  static async allocate(
    device: EngineDevice,
    tensors: Iterable<HeldTensor>,
    together: Iterable<readonly string[]> = [],
  ): Promise<DeviceWeights> {
    const weights = new DeviceWeights(device, tensors);
    for (const { tensors, isTogether } of layOutWeights(device, weights.inFileOrder, together)) {
      if (isTogether) await weights.#join(tensors);
      else await weights.#allocate(tensors[0]!);
    }
    return weights;
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

  vector(name: string): DeviceBuffer {
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
}
