import type { EngineDevice } from '../../device/device.ts';
import type { Dispatch } from '../../device/dispatch.ts';
import type { KernelName, KernelSpec } from '../../device/kernel-spec.ts';
import type { DeviceBuffer } from '../../device/memory.ts';
import { sampleNumbers } from '../../quant/sample-blocks.ts';
import { defineKernel, oneForm } from './define-kernel.ts';
import type { KernelEntry, KernelNeeds } from './kernel-entry.ts';
import { noise } from './noise.ts';

interface GateKernel {
  id: KernelName;
  isUsed: (needs: KernelNeeds) => unknown;
  spec: () => KernelSpec;
  create: (device: EngineDevice, gate: DeviceBuffer, up: DeviceBuffer, stride: number) => Promise<Dispatch>;
  twin: (gate: Float32Array, up: Float32Array) => Float64Array;
  /** Of the small problem, where normal numbers do not reach all of the function. */
  gateAt?: (value: number, index: number) => number;
  /** Of one number. */
  flops: number;
}

/** The entry of a kernel for gate = f(gate) * up, in place. */
export function defineGateKernel(kernel: GateKernel): KernelEntry {
  const { id, isUsed, spec, create, twin, gateAt = (value: number) => value, flops } = kernel;
  return defineKernel({
    id,
    group: 'language',
    usedBy: needs => oneForm(isUsed(needs)),
    words: () => ({ kernel: id, form: '' }),
    processor: { [id]: 'plain' },
    specs: () => [spec()],
    async problem(bench) {
      const columns = 1500;
      const x = sampleNumbers(columns, 3).map(gateAt);
      const up = sampleNumbers(columns, 4);
      const gate = await bench.buffer(x);
      const launch = await create(bench.device, gate, await bench.buffer(up), columns);
      bench.run([launch], { position: 0, tokens: 1 });
      await bench.check(id, gate, twin(x, up), 1e-4);
    },
    // In place, so what it computes changes from run to run; its time does not.
    timed: (_, { tokens }) =>
      tokens.map(count => ({
        shape: { columns: 8192, tokens: count },
        describe: `8192 columns, ${count} tokens`,
        async prepare(device) {
          const values = count * 8192;
          const gate = await noise(device, values);
          const launch = await create(device, gate, await noise(device, values), 8192);
          const launches = { sets: [[launch]], step: { position: 0, tokens: count } };
          return { launches, work: { bytes: 3 * 4 * values, flops: flops * values } };
        },
      })),
  });
}
