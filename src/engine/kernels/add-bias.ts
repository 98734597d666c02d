import addBiasShader from '../../../shaders/linear/add-bias.wgsl?raw';
import type { EngineDevice } from '../device/device.ts';
import type { Binding, Dispatch } from '../device/dispatch.ts';
import type { KernelSpec } from '../device/kernel-spec.ts';
import type { DeviceBuffer } from '../device/memory.ts';

/** Numbers of a token's queries, and of its keys and values each. */
export interface ProjectionWidths {
  q: number;
  kv: number;
}

export function addBiasSpec({ q, kv }: ProjectionWidths): KernelSpec {
  return {
    kernel: 'add-bias',
    form: { q, kv },
    label: 'add-bias',
    code: addBiasShader,
    entryPoint: 'add_bias',
    constants: { Q4: q / 4, KV4: kv / 4 },
  };
}

/** q, k and v plus their biases, in place: [tokens, width] f32, of one buffer or several, none overlapping another. */
export function createAddBias(
  device: EngineDevice,
  widths: ProjectionWidths,
  { q, k, v }: { q: Binding; k: Binding; v: Binding },
  biases: { q: DeviceBuffer; k: DeviceBuffer; v: DeviceBuffer },
  state: DeviceBuffer,
): Promise<Dispatch> {
  const quads = (widths.q + 2 * widths.kv) / 4;
  return device.createDispatch(
    addBiasSpec(widths),
    { 1: q, 2: k, 3: v, 4: biases.q, 5: biases.k, 6: biases.v, 7: state },
    ({ tokens }) => [Math.ceil(quads / 64), tokens],
  );
}
