import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bundledModel } from '../../../test/support/data.ts';
import { computeAdapters, openDevice } from '../../../test/support/gpu.ts';
import { BedsideError } from '../errors.ts';
import { type ByteSource, bytesSource } from '../formats/byte-source.ts';
import { parseGguf } from '../formats/gguf.ts';
import type { WebGpuDevice } from '../gpu/device.ts';
import { sentence } from '../sentence.ts';
import { loadModel } from './load-model.ts';
import type { runTogether } from './run-together.ts';

/** Resolves when something that a load does beside something else fails. */
let stopping: Promise<void>;
let noteStop: () => void;
vi.mock('./run-together.ts', async importOriginal => {
  const original = await importOriginal<{ runTogether: typeof runTogether }>();
  const watched: typeof runTogether = (tasks, signal) =>
    original.runTogether(
      tasks.map(task => stop => {
        stop.addEventListener('abort', noteStop);
        return task(stop);
      }),
      signal,
    );
  return { runTogether: watched };
});

const [adapter] = computeAdapters;
const nanoChat = readFileSync(bundledModel);
const options = { precision: 'f32', contextTokens: 64 } as const;

describe.skipIf(!adapter)(`loading, on ${adapter ?? 'no adapter: install lavapipe'}`, () => {
  let device: WebGpuDevice;
  beforeEach(async () => {
    stopping = new Promise(resolve => {
      noteStop = resolve;
    });
    device = await openDevice(adapter!);
  });
  afterEach(() => device.destroy());

  /** The kernel whose label begins so is compiled from other code. */
  function spoilKernel(label: string, spoil: (code: string) => string): void {
    const get = device.pipelines.get.bind(device.pipelines);
    device.pipelines.get = spec => {
      if (!spec.label.startsWith(label)) return get(spec);
      const code = spoil(spec.code);
      expect(code).not.toBe(spec.code);
      return get({ ...spec, code });
    };
  }

  /** Reads that come after the memory has been reserved end only when the test lets them. */
  function heldSource(): { source: ByteSource; begin: () => void; release: () => void; reads: number[] } {
    const bytes = bytesSource(nanoChat);
    const reads: number[] = [];
    let isHeld = false;
    let release!: () => void;
    const released = new Promise<void>(resolve => {
      release = resolve;
    });
    const source = {
      ...bytes,
      read: async (offset: number, length: number) => {
        if (isHeld) {
          reads.push(offset);
          await released;
        }
        return bytes.read(offset, length);
      },
    };
    const begin = () => {
      isHeld = true;
    };
    return { source, begin, release: () => release(), reads };
  }

  it('reads while the kernels are tested, and names the phase that is still going on', async () => {
    const { source, begin, release, reads } = heldSource();
    const phases: string[] = [];
    const loading = loadModel(device, source, {
      ...options,
      onProgress: ({ phase, done, total }) => {
        const step = phase === 'upload' ? `upload ${done === total ? 'done' : 'on'}` : `${phase} ${done}`;
        if (phases.at(-1) !== step) phases.push(step);
        if (phase === 'allocate') begin();
      },
    });
    // The self-test cannot have passed yet: nothing was waited for since the kernels began to compile.
    while (reads.length < 2) await new Promise(resolve => setTimeout(resolve));
    release();
    await loading;
    expect(phases.filter(phase => phase !== 'self-test 0')).toEqual([
      'header 0',
      'allocate 0',
      'upload on',
      'upload done',
      'self-test 1',
      'prepare 0',
      'prepare 1',
    ]);
  });

  it('refuses a device that computes wrongly while the weights are on their way, and releases all', async () => {
    spoilKernel('silu-mul', code => code.replaceAll('exp(-', 'exp('));
    const { source, begin, release, reads } = heldSource();
    const loading = loadModel(device, source, {
      ...options,
      onProgress: ({ phase }) => phase === 'allocate' && begin(),
    });
    stopping.then(release);
    await expect(loading).rejects.toMatchObject({
      code: 'self-test-failed',
      message: expect.stringContaining('silu-mul'),
    });
    expect(reads.length).toBeLessThanOrEqual(2);
    expect(device.memory.bytes).toBe(0);
  });

  it('finds a broken weight before the end of the file', async () => {
    const { tensors } = await parseGguf(bytesSource(nanoChat));
    const [first, second] = [...tensors].sort((a, b) => a.offset - b.offset);
    const damaged = Uint8Array.from(nanoChat);
    // Infinity as the scale of the first block, or as the first number.
    const at = first!.offset + (first!.typeName === 'F32' ? 2 : 0);
    damaged.set(first!.typeName === 'F32' ? [0x80, 0x7f] : [0x00, 0x7c], at);
    const bytes = bytesSource(damaged);
    const source = {
      ...bytes,
      read: async (offset: number, length: number) => {
        if (offset >= second!.offset)
          throw new BedsideError('truncated-model', sentence`ends: It ends.`, 'Get it again.');
        return bytes.read(offset, length);
      },
    };
    await expect(loadModel(device, source, options)).rejects.toMatchObject({
      code: 'invalid-model',
      message: expect.stringContaining(first!.name),
    });
    expect(device.memory.bytes).toBe(0);
  });

  it('compiles nothing any more once the weights are there', async () => {
    let before = 0;
    await loadModel(device, bytesSource(nanoChat), {
      ...options,
      onProgress: ({ phase, done }) => {
        if (phase === 'prepare' && done === 0) before = device.compiledKernels;
      },
    });
    expect(before).toBeGreaterThan(0);
    expect(device.compiledKernels).toBe(before);
  });
});
