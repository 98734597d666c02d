import { expect, test } from 'vitest';
import type { EngineDevice } from '../device/device.ts';
import type { MemoryRequest } from '../device/memory.ts';
import type { ModelPlan } from '../types/memory.ts';
import type { Precision } from '../types/precision.ts';
import { choicesThatFit, type RoomRequest, requireRoom } from './require-room.ts';

const besideBytes = 10;

/** Of so many bytes in all; where nothing fits, what is looked for instead is the last one's. */
function requestOf(bytes: number, looked: number[]): RoomRequest {
  const total = bytes - besideBytes;
  const plan = {
    memory: { total, upload: besideBytes, features: 0, answers: 0, weights: total },
    precision: 'q8',
    contextTokens: 512,
  } as ModelPlan;
  const planFor = () => {
    looked.push(bytes);
    return plan;
  };
  return { plan, buffers: [{ kind: 'storage', label: 'all', bytes: total }], planFor };
}

async function ask(roomBytes: number) {
  const asked: number[] = [];
  const looked: number[] = [];
  const memory = {
    async reserve({ buffers, besideBytes }: MemoryRequest) {
      const wantedBytes = buffers.reduce((sum, { bytes }) => sum + bytes, besideBytes);
      asked.push(wantedBytes);
      return { wantedBytes, roomBytes };
    },
  };
  const device = { report: { kind: 'gpu' }, memory } as unknown as EngineDevice;
  const requests = [100, 90, 80].map(bytes => requestOf(bytes, looked));
  const granted = await requireRoom(device, requests).then(
    ({ plan }) => plan.memory.total + besideBytes,
    (error: unknown) => error,
  );
  return { asked, looked: new Set(looked), granted };
}

test('a device is not asked for what is more than it was found to have', async () => {
  expect(await ask(100)).toMatchObject({ asked: [100], granted: 100 });
  expect(await ask(95)).toMatchObject({ asked: [100, 90], granted: 90 });
  expect(await ask(85)).toMatchObject({ asked: [100, 80], granted: 80 });
});

test('where there is no room for the least, it alone is refused', async () => {
  const { asked, looked, granted } = await ask(79);
  expect(asked).toEqual([100]);
  expect([...looked]).toEqual([80]);
  expect(granted).toMatchObject({ code: 'out-of-memory', cause: 'wanted 80 bytes, found 79' });
});

/** With 2048 tokens asked for, of a model that takes 1000 bytes beside them. */
function offered(asked: Precision, roomBytes: number): [Precision, number][] {
  const ofToken = { f32: 4, f16: 2, q8: 1, q4: 0.5 } as const;
  const planFor = (each: { precision: Precision; contextTokens: number }) => {
    const total = 1000 + each.contextTokens * ofToken[each.precision];
    return { ...each, memory: { total, upload: 0, features: 0, answers: 0 } } as ModelPlan;
  };
  const plan = planFor({ precision: asked, contextTokens: 2048 });
  return choicesThatFit(plan, roomBytes, planFor).map(each => [each.precision, each.contextTokens]);
}

test.each([
  {
    roomBytes: 4000,
    asked: 'f16',
    choices: [
      ['f16', 1280],
      ['q8', 2048],
    ],
  },
  {
    roomBytes: 3000,
    asked: 'f16',
    choices: [
      ['f16', 768],
      ['q8', 1792],
      ['q4', 2048],
    ],
  },
  {
    roomBytes: 1900,
    asked: 'f16',
    choices: [
      ['q8', 768],
      ['q4', 1792],
    ],
  },
  { roomBytes: 1300, asked: 'f16', choices: [['q4', 512]] },
  {
    roomBytes: 1900,
    asked: 'q8',
    choices: [
      ['q8', 768],
      ['q4', 1792],
    ],
  },
  { roomBytes: 1900, asked: 'q4', choices: [['q4', 1792]] },
  { roomBytes: 1200, asked: 'f32', choices: [] },
] as const)('4 bits are offered last, where 8 hold less than was asked for: $asked, $roomBytes', each => {
  expect(offered(each.asked, each.roomBytes)).toEqual(each.choices);
});
