import type { EngineDevice } from '../../engine/device/device.ts';
import type { KernelSpec } from '../../engine/device/kernel-spec.ts';
import type { DeviceBuffer } from '../../engine/device/memory.ts';
import { floatBits } from '../../engine/device/memory.ts';
import { foldGrid } from '../../engine/kernels/compose.ts';
import type { DeviceClock, Launches, Sampling } from '../../engine/timing/clock.ts';
import { rateOf, type Spread, spreadOf } from '../../engine/timing/statistics.ts';
import copyShader from './copy.wgsl?raw';
import multiplyAddShader from './multiply-add.wgsl?raw';

/** As in the two shaders. */
const copyWorkgroupSize = 64;
const multiplyAddWorkgroupSize = 128;
const multiplyAddsOfRound = 16 * 8;
const multiplyAddWorkgroups = 2048;
/** A run of multiply-adds takes at least this much, so that its launch does not count. */
const steadyMs = 20;

/** GB/s of copying `bytes` from one buffer to another, bytes read and bytes written both counted. */
export async function measureCopyKernel(
  device: EngineDevice,
  clock: DeviceClock,
  bytes: number,
  sampling: Sampling,
): Promise<Spread> {
  const before = device.memory.snapshot();
  const source = await device.memory.storage('copy source', bytes);
  const target = await device.memory.storage('copy target', bytes);
  const spec: KernelSpec = {
    kernel: 'bench-copy',
    form: {},
    label: 'bench copy',
    code: copyShader,
    entryPoint: 'copy',
  };
  const grid = foldGrid(Math.ceil(bytes / 16 / copyWorkgroupSize));
  const dispatch = await device.createDispatch(spec, { 0: source, 1: target }, grid);
  const times = await clock.time({ sets: [[dispatch]], step: { position: 0, tokens: 1 } }, sampling);
  device.memory.releaseExcept(before);
  return rateOf((2 * bytes) / 1e6, spreadOf(times));
}

/** GFLOP/s of f32 multiply-adds in registers, each counted as two. Checks the clock on the way (see DeviceClock.check). */
export async function measureMultiplyAdd(
  device: EngineDevice,
  clock: DeviceClock,
  sampling: Sampling,
): Promise<{ gflops: Spread; gpuClockShare: number | undefined }> {
  const before = device.memory.snapshot();
  const invocations = multiplyAddWorkgroups * multiplyAddWorkgroupSize;
  const results = await device.memory.storage('multiply-add results', invocations * 4);
  const params = await device.memory.uniform(
    'multiply-add',
    new Uint32Array([1, floatBits(0.999), floatBits(0.001), 0]),
  );
  const spec: KernelSpec = {
    kernel: 'bench-multiply-add',
    form: {},
    label: 'bench multiply-add',
    code: multiplyAddShader,
    entryPoint: 'multiply_add',
  };
  const dispatch = await device.createDispatch(spec, { 0: params, 1: results }, [multiplyAddWorkgroups]);
  const launches: Launches = { sets: [[dispatch]], step: { position: 0, tokens: 1 } };
  const rounds = await findRounds(device, clock, params, launches);
  const gpuClockShare = await clock.check(launches);
  const times = await clock.time(launches, sampling);
  device.memory.releaseExcept(before);
  const gflop = (2 * rounds * multiplyAddsOfRound * invocations) / 1e9;
  return { gflops: rateOf(gflop * 1e3, spreadOf(times)), gpuClockShare };
}

/** Sets and returns how many rounds make a run last. */
async function findRounds(
  device: EngineDevice,
  clock: DeviceClock,
  params: DeviceBuffer,
  launches: Launches,
): Promise<number> {
  for (let rounds = 1; ; ) {
    device.write(params, 0, new Uint32Array([rounds]));
    await clock.once(launches);
    const ms = await clock.once(launches);
    if (ms >= steadyMs) return rounds;
    rounds = Math.ceil(rounds * Math.min(16, Math.max(2, steadyMs / ms)));
  }
}
