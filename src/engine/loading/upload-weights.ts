import type { EngineDevice } from '../device/device.ts';
import { FormatError } from '../errors.ts';
import type { ByteSource } from '../formats/byte-source.ts';
import { readAhead } from '../formats/read-ahead.ts';
import { PlaneRoom, writeRows } from '../kernels/matrix.ts';
import type { DeviceWeights } from '../models/tensors/device-weights.ts';
import { type HeldTensor, orderHeads } from '../models/tensors/held-tensor.ts';
import { dequantizeTensor } from '../quant/dequantize.ts';
import { firstBrokenScale } from '../quant/finite-scales.ts';
import { placements } from '../quant/gpu-formats.ts';
import { sentence } from '../sentence.ts';

/** The most that is read, repacked and handed to the GPU at once. */
const pieceBytes = 8 * 1024 * 1024;
/**
 * Uploads wait for the GPU so that no more than this waits for it, and the driver's staging memory stays small; by halves,
 * so that the GPU still has work while they wait.
 */
export const uploadWindowBytes = 64 * 1024 * 1024;

/** Some rows of a matrix, or a whole vector, as they lie in the file. */
interface Piece {
  tensor: HeldTensor;
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
 * Reads the tensors in file order, piece by piece, the next ones while one is repacked: JavaScript never holds more than three
 * pieces whatever the model's size. Rejects with `aborted`, `truncated-model`, or `invalid-model` where a number is not finite.
 */
export async function uploadWeights(
  device: EngineDevice,
  weights: DeviceWeights,
  source: ByteSource,
  { signal, onUpload }: UploadEvents = {},
): Promise<void> {
  const room = new PlaneRoom();
  let done = 0;
  let pending = 0;
  let previous: Promise<unknown> = Promise.resolve();
  for await (const { range: piece, bytes } of readAhead(source, listPieces(weights), signal)) {
    placePiece(device, weights, piece, bytes, room);
    device.check();
    done += piece.bytes;
    pending += piece.bytes;
    if (pending >= uploadWindowBytes / 2) {
      pending = 0;
      device.flush();
      const current = device.settled();
      // It is waited for half a window later, or never where something else fails first.
      current.catch(() => undefined);
      await previous;
      previous = current;
    }
    onUpload?.(done);
  }
  await device.settled();
}

function* listPieces({ inFileOrder, matrices }: DeviceWeights): Generator<Piece> {
  for (const tensor of inFileOrder) {
    const rows = matrices.get(tensor.name)?.rows ?? 1;
    const rowBytes = tensor.bytes / rows;
    // Even, because two rows' f16 scales may share a word; four rows may lie interleaved; and heads are put in order as wholes.
    const together = rows > 1 ? (tensor.heads?.rows ?? 4) : 4;
    const pieceRows = Math.max(together, Math.floor(pieceBytes / rowBytes / together) * together);
    for (let firstRow = 0; firstRow < rows; firstRow += pieceRows) {
      const count = Math.min(pieceRows, rows - firstRow);
      const offset = tensor.offset + firstRow * rowBytes;
      yield { tensor, offset, bytes: count * rowBytes, firstRow, rows: count };
    }
  }
}

/** Checks and repacks a piece and hands it to the GPU. */
function placePiece(
  device: EngineDevice,
  weights: DeviceWeights,
  { tensor, offset, firstRow, rows }: Piece,
  read: Uint8Array,
  room: PlaneRoom,
): void {
  const bad = firstBrokenScale(tensor.typeName, read);
  if (bad !== undefined) throw brokenWeight(tensor, offset + bad);
  const matrix = weights.matrices.get(tensor.name);
  const { heads, times = 1 } = tensor;
  // What was read may be the source's own, which is read again when the model is loaded once more.
  const bytes = heads || times !== 1 ? read.slice() : read;
  if (matrix) {
    if (heads) orderHeads(bytes, bytes.length / rows, heads);
    writeRows(device, matrix, placements[tensor.typeName]!, bytes, firstRow, rows, room);
    return;
  }
  const values = dequantizeTensor(tensor.type, bytes);
  if (heads) orderHeads(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), 4, heads);
  if (times !== 1) for (let i = 0; i < values.length; i++) values[i]! *= times;
  device.write(weights.vector(tensor.name), 0, values as Float32Array<ArrayBuffer>);
}

function brokenWeight(tensor: HeldTensor, offset: number): FormatError {
  return new FormatError(
    offset,
    sentence`tensor-is-not-finite: The tensor "${{ tensor: tensor.name }}" holds a number that is not finite`,
  );
}
