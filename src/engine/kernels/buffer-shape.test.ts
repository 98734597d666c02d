import { expect, test } from 'vitest';
import type { EngineDevice } from '../device/device.ts';
import type { DeviceBuffer } from '../device/memory.ts';
import {
  type Allocated,
  allocateShapes,
  arrayShape,
  rowsShape,
  type Shapes,
  tightRowsShape,
  uniformShape,
} from './buffer-shape.ts';

function allocate<S extends Shapes>(
  shapes: S,
): { made: [string, number][]; allocated: Promise<Allocated<S>> } {
  const made: [string, number][] = [];
  const storage = async (label: string, size: number) => {
    made.push([label, size]);
    return { label, size } as DeviceBuffer;
  };
  const uniform = (label: string, words: Uint32Array) => storage(label, words.byteLength);
  return {
    made,
    allocated: allocateShapes({ memory: { storage, uniform } } as unknown as EngineDevice, shapes),
  };
}

test('what is allocated is what was planned, name for name', async () => {
  const shapes = {
    state: uniformShape('the state', 2),
    ids: arrayShape('the ids', 7),
    pixels: arrayShape('the pixels', 7, 1),
    x: rowsShape('the stream', 3, 33),
    q: tightRowsShape('the queries', 3, 33),
  };
  const { made, allocated } = allocate(shapes);
  const buffers = await allocated;
  expect(made).toEqual(Object.values(shapes).map(({ label, bytes }) => [label, bytes]));
  expect(made.map(([, bytes]) => bytes)).toEqual([8, 28, 7, 4 * 3 * 64, 4 * (3 * 33 + 32)]);
  expect(buffers.ids.label).toBe('the ids');
  expect([buffers.x.stride, buffers.q.stride]).toEqual([64, 33]);
  expect(buffers.x.buffer.label).toBe('the stream');
});
