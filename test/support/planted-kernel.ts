import type { EngineDevice } from '../../src/engine/device/device.ts';
import type { Dispatch } from '../../src/engine/device/dispatch.ts';
import { inClass } from '../../src/engine/device/dispatch.ts';
import { chosenCandidate, classKey, type KernelChoices } from '../../src/engine/device/kernel-choices.ts';
import type { KernelSpec } from '../../src/engine/device/kernel-spec.ts';
import type { DeviceBuffer } from '../../src/engine/device/memory.ts';
import type { KernelProblem } from '../../src/engine/kernels/registry/kernel-entry.ts';
import type { TunableModel } from '../../src/engine/tuner/tunable-model.ts';

/** A kernel that doubles numbers, in as many forms as a test wants: by name what is done with x. */
export interface PlantedKernel {
  kind: string;
  forms: Readonly<Record<string, string>>;
}

const words = 256;

function specOf({ kind, forms }: PlantedKernel, name: string): KernelSpec {
  return {
    kernel: 'bench-copy',
    form: {},
    label: `${kind}: ${name}`,
    code: `
      @group(0) @binding(0) var<storage, read> x: array<f32>;
      @group(0) @binding(1) var<storage, read_write> y: array<f32>;
      @compute @workgroup_size(64)
      fn double(@builtin(global_invocation_id) id: vec3<u32>) {
        y[id.x] = ${forms[name]!};
      }`,
    entryPoint: 'double',
  };
}

function namesOf({ forms }: PlantedKernel): [string, ...string[]] {
  return Object.keys(forms) as [string, ...string[]];
}

async function launch(
  device: EngineDevice,
  planted: PlantedKernel,
  size: string,
  buffers: { x: DeviceBuffer; y: DeviceBuffer },
): Promise<Dispatch> {
  const of = { kind: planted.kind, size };
  const name = chosenCandidate(device.variant.choices, of, namesOf(planted));
  const { x, y } = buffers;
  return inClass(
    await device.createDispatch(specOf(planted, name), { 0: x, 1: y }, [words / 64]),
    of,
    x.size,
  );
}

/** As its registry entry would have it. */
export function plantedProblem(planted: PlantedKernel): KernelProblem {
  const { kind } = planted;
  const names = namesOf(planted);
  return {
    group: 'language',
    kernel: kind,
    form: '',
    candidates: () => [{ kind, names }],
    specs: ({ variant }) => [specOf(planted, chosenCandidate(variant.choices, { kind }, names))],
    timed: () => undefined,
    async run(bench) {
      const numbers = Float32Array.from({ length: words }, (_, i) => i / 8);
      const buffers = { x: await bench.buffer(numbers), y: await bench.space(words) };
      const step = { position: 0, tokens: 1 };
      const launched = bench.run([await launch(bench.device, planted, 'small', buffers)], step);
      await bench.check(
        kind,
        buffers.y,
        Float64Array.from(numbers, value => 2 * value),
        1e-6,
        launched,
      );
    },
  };
}

/** A model of `layers` layers, each of which launches each planted kernel once. */
export async function plantedModel(
  device: EngineDevice,
  kernels: readonly PlantedKernel[],
  layers = 4,
): Promise<TunableModel & { cleared: number }> {
  const x = await device.memory.storage('weights', words * 4);
  const y = await device.memory.storage('activations', words * 4);
  const model = {
    cleared: 0,
    state: await device.memory.uniform('state', new Uint32Array(2)),
    weights: [{ buffer: x, offset: 0, size: x.size }],
    async launchesByClass(choices: KernelChoices) {
      const { variant } = device;
      device.variant = { ...variant, choices };
      try {
        const size = 'large';
        const built = kernels.map(async planted => {
          const of = { kind: planted.kind, size };
          const dispatches: Dispatch[] = [];
          while (dispatches.length < layers) dispatches.push(await launch(device, planted, size, { x, y }));
          const steps = [{ position: 0, tokens: 1 }];
          return [classKey(of), { of, dispatches, steps, readBytes: layers * x.size }] as const;
        });
        return new Map(await Promise.all(built));
      } finally {
        device.variant = variant;
      }
    },
    clear() {
      model.cleared++;
    },
  };
  return model;
}
