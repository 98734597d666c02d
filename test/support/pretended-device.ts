import type { EngineDevice, Variant } from '../../src/engine/device/device.ts';
import { deviceLostError } from '../../src/engine/device/device-errors.ts';
import type { Bindings, Dispatch } from '../../src/engine/device/dispatch.ts';
import type { KernelSpec } from '../../src/engine/device/kernel-spec.ts';
import type { DeviceBuffer, DeviceMemory } from '../../src/engine/device/memory.ts';
import { BedsideError } from '../../src/engine/errors.ts';
import { sentence } from '../../src/engine/sentence.ts';

interface Held extends DeviceBuffer {
  bytes: ArrayBuffer;
}

interface Computed extends Dispatch {
  run(): void;
}

/** A GPU as far as planted kernels (planted-kernel.ts) need one: it computes what their WGSL says, here and at once. */
export function pretendedDevice(rewrite: { code: (spec: KernelSpec) => string }) {
  const held = new Set<Held>();
  let lost = false;
  const make = (label: string, bytes: number): Held => {
    const size = Math.max(16, Math.ceil(bytes / 16) * 16);
    const buffer = { label, size, bytes: new ArrayBuffer(size) };
    held.add(buffer);
    return buffer;
  };
  const memory = {
    get bytes() {
      return [...held].reduce((sum, { size }) => sum + size, 0);
    },
    storage: async (label: string, bytes: number) => make(label, bytes),
    readback: async (label: string, bytes: number) => make(label, bytes),
    uniform: async (label: string, words: Uint32Array) => make(label, words.byteLength),
    release: (buffer: DeviceBuffer) => held.delete(buffer as Held),
    snapshot: () => new Set<DeviceBuffer>(held),
    releaseExcept(kept: ReadonlySet<DeviceBuffer>) {
      for (const buffer of held) if (!kept.has(buffer)) held.delete(buffer);
    },
  } as unknown as DeviceMemory;

  /** What is written for each number: the right side of `y[id.x] = ...;`. Undefined of a kernel that is none of those. */
  function written(spec: KernelSpec): ((x: number) => number) | undefined {
    const expression = /y\[id\.x\] = (.*);/.exec(rewrite.code(spec))?.[1];
    if (expression === undefined) return undefined;
    try {
      return new Function('x', `return ${expression.replaceAll('x[id.x]', 'x')}`) as (x: number) => number;
    } catch (error) {
      throw new BedsideError(
        'gpu-error',
        sentence`kernel-did-not-compile: ${{ kernel: spec.label }}`,
        '',
        error,
      );
    }
  }

  const check = () => {
    if (lost) throw deviceLostError('lost by the test');
  };
  const device = {
    report: { kind: 'gpu', isSoftware: false, adapter: 'pretended' },
    variant: { subgroups: true, f16: false } as Variant,
    memory,
    check,
    get failed() {
      return lost;
    },
    compile: async (spec: KernelSpec) => void written(spec),
    async createDispatch(spec: KernelSpec, bindings: Bindings, grid: Dispatch['grid']): Promise<Computed> {
      const compute = written(spec);
      const [x, y] = [bindings[0], bindings[1]] as unknown as [Held, Held];
      const run = () => {
        if (compute) new Float32Array(y.bytes).set(new Float32Array(x.bytes).map(compute));
      };
      return { label: spec.label, grid, run };
    },
    write(buffer: DeviceBuffer, offset: number, data: ArrayBufferView<ArrayBuffer>) {
      new Uint8Array((buffer as Held).bytes).set(
        new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
        offset,
      );
    },
    begin: () => ({
      launch(dispatches: readonly Dispatch[]) {
        for (const dispatch of dispatches) (dispatch as Computed).run();
      },
      copy(source: DeviceBuffer, from: number, target: DeviceBuffer, to: number, bytes: number) {
        new Uint8Array((target as Held).bytes).set(new Uint8Array((source as Held).bytes, from, bytes), to);
      },
      submit: () => undefined,
    }),
    flush: () => undefined,
    abandon: () => undefined,
    settled: async () => check(),
    async read(buffer: DeviceBuffer, bytes: number) {
      check();
      return (buffer as Held).bytes.slice(0, bytes);
    },
    destroy: () => undefined,
  } as unknown as EngineDevice;
  return {
    device,
    lose() {
      lost = true;
    },
  };
}
