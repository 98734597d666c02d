import type { EngineDevice } from '../device/device.ts';
import type { DeviceBuffer } from '../device/memory.ts';
import { paddedColumns } from '../quant/gpu-formats.ts';
import type { Rows } from './rows.ts';

/** A buffer before it is allocated. What a model will hold is planned and allocated from the same list of these. */
export interface ArrayShape {
  kind: 'array' | 'uniform';
  /** Of the buffer, for whoever looks at the device's memory. */
  label: string;
  bytes: number;
  /** What else the launches bind that bind it: see PlannedBuffer. */
  group?: string;
}

/** [rows, stride] f32 */
export interface RowsShape {
  kind: 'rows';
  label: string;
  bytes: number;
  /** Floats from one row to the next. */
  stride: number;
}

export type BufferShape = ArrayShape | RowsShape;

/** Activations that products read: rows padded to whole units of weights. */
export function rowsShape(label: string, rows: number, columns: number): RowsShape {
  const stride = paddedColumns(columns);
  return { kind: 'rows', label, bytes: 4 * rows * stride, stride };
}

/**
 * Activations by heads, which RoPE and attention address without padding; slack keeps a reader of whole units inside the
 * buffer.
 */
export function tightRowsShape(label: string, rows: number, columns: number): RowsShape {
  return { kind: 'rows', label, bytes: 4 * (rows * columns + 32), stride: columns };
}

/** `count` numbers of 32 bits, or of as many bytes as is said. */
export function arrayShape(label: string, count: number, bytesEach: 4 | 1 = 4): ArrayShape {
  return { kind: 'array', label, bytes: bytesEach * count };
}

/** Some words that the host writes before each submit. */
export function uniformShape(label: string, words: number): ArrayShape {
  return { kind: 'uniform', label, bytes: 4 * words };
}

export type Shapes = Readonly<Record<string, BufferShape>>;

/** The buffers of shapes, by the same names. */
export type Allocated<S> = { [Name in keyof S]: S[Name] extends RowsShape ? Rows : DeviceBuffer };

/** All zero. Rejects with `out-of-memory`; what was allocated until then is the caller's to release. */
export async function allocateShapes<S extends Shapes>(
  { memory }: EngineDevice,
  shapes: S,
): Promise<Allocated<S>> {
  const buffers: Record<string, Rows | DeviceBuffer> = {};
  for (const [name, shape] of Object.entries(shapes)) {
    const { kind, label, bytes } = shape;
    const buffer =
      kind === 'uniform'
        ? await memory.uniform(label, new Uint32Array(bytes / 4))
        : await memory.storage(label, bytes);
    buffers[name] = kind === 'rows' ? { buffer, stride: shape.stride } : buffer;
  }
  return buffers as Allocated<S>;
}
