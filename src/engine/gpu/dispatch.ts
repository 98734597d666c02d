import type { EngineDevice } from './device.ts';
import type { PipelineSpec } from './pipelines.ts';

/** What changes from one submit to the next; everything else is in bind groups made once. */
export interface Step {
  /** Absolute position of the step's first token. */
  position: number;
  /** Tokens in this step. */
  tokens: number;
}

export type Grid = readonly [x: number, y?: number, z?: number];

/** One recorded kernel launch. `grid` may depend on the step; the bind group never does. */
export interface Dispatch {
  label: string;
  pipeline: GPUComputePipeline;
  bindGroup: GPUBindGroup;
  grid: Grid | ((step: Step) => Grid);
}

/** A buffer, or a part of one, at a binding number. */
export type Binding = GPUBuffer | GPUBufferBinding;

export async function createDispatch(
  device: EngineDevice,
  spec: PipelineSpec,
  bindings: Record<number, Binding>,
  grid: Dispatch['grid'],
): Promise<Dispatch> {
  const pipeline = await device.pipelines.get(spec);
  const bindGroup = device.gpu.createBindGroup({
    label: spec.label,
    layout: pipeline.getBindGroupLayout(0),
    entries: Object.entries(bindings).map(([binding, resource]) => ({
      binding: Number(binding),
      resource: 'buffer' in resource ? resource : { buffer: resource },
    })),
  });
  return { label: spec.label, pipeline, bindGroup, grid };
}

/** Encodes the launches, in order, into one compute pass. Dispatches of one pass see each other's writes. */
export function encodeDispatches(encoder: GPUCommandEncoder, dispatches: Dispatch[], step: Step): void {
  const pass = encoder.beginComputePass();
  for (const { pipeline, bindGroup, grid } of dispatches) {
    const [x, y = 1, z = 1] = typeof grid === 'function' ? grid(step) : grid;
    if (x === 0 || y === 0 || z === 0) continue;
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindGroup);
    pass.dispatchWorkgroups(x, y, z);
  }
  pass.end();
}
