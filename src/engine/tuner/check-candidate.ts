import type { EngineDevice } from '../device/device.ts';
import { BedsideError } from '../errors.ts';
import { type KernelProblem, targetOf } from '../kernels/registry/kernel-entry.ts';
import { TestBench } from '../kernels/registry/test-bench.ts';
import { isCompilerError } from '../self-test/self-test.ts';
import type { BadCandidate } from '../types/tuning.ts';
import type { TunerClock } from './tuner-clock.ts';

/** `no-room`: there was no memory to find out. */
export type Soundness = 'sound' | 'no-room' | BadCandidate['why'];

/** What takes longer to compile is not worth its time at every load. */
const mostCompileMs = 1500;

/**
 * Compiles a candidate and runs the small problem of its kernel twice: right by its twin, and the same bits again, or something in it
 * races. Releases what it allocated, and all that anyone else allocated meanwhile.
 * @throws `device-lost`, `gpu-error`, `aborted`
 */
export async function checkCandidate(
  device: EngineDevice,
  problem: KernelProblem,
  { kind, name }: { kind: string; name: string },
  clock: TunerClock,
  signal: AbortSignal,
): Promise<Soundness> {
  const { variant } = device;
  const before = device.memory.snapshot();
  device.variant = { ...variant, choices: { [kind]: name } };
  try {
    if (!(await compilesInTime(device, problem, clock))) return 'slow-to-compile';
    const seen: ArrayBuffer[][] = [];
    while (seen.length < 2) {
      const bench = new TestBench(device, signal);
      await problem.run(bench);
      device.check();
      if (bench.checks.some(({ passed }) => !passed)) return 'wrong';
      seen.push(bench.compared);
    }
    return seen[0]!.every((bytes, i) => isSame(bytes, seen[1]![i]!)) ? 'sound' : 'unsteady';
  } catch (error) {
    if (isCompilerError(error, device)) return 'not-compiled';
    if (error instanceof BedsideError && error.code === 'out-of-memory') return 'no-room';
    throw error;
  } finally {
    device.variant = variant;
    device.memory.releaseExcept(before);
  }
}

async function compilesInTime(
  device: EngineDevice,
  problem: KernelProblem,
  clock: TunerClock,
): Promise<boolean> {
  const compiling = Promise.all(problem.specs(targetOf(device)).map(spec => device.compile(spec)));
  compiling.catch(() => undefined);
  return Promise.race([compiling.then(() => true), clock.wait(mostCompileMs).then(() => false)]);
}

function isSame(one: ArrayBuffer, other: ArrayBuffer): boolean {
  const [a, b] = [new Uint8Array(one), new Uint8Array(other)];
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
