import type { EngineDevice, Stopwatch, Variant } from '../device/device.ts';
import type { Binding, Bindings, CommandList, Dispatch } from '../device/dispatch.ts';
import type { KernelSpec } from '../device/kernel-spec.ts';
import type { DeviceBuffer } from '../device/memory.ts';
import { needsSmallForms } from '../device/plainer-variants.ts';
import { BedsideError } from '../errors.ts';
import { sentence } from '../sentence.ts';
import type { DeviceReport } from '../types/device.ts';
import { reportOf, requestAdapter } from './adapter.ts';
import { GpuCommands, type GpuDispatch } from './commands.ts';
import { DeviceLife } from './device-life.ts';
import { GpuMemory } from './memory.ts';
import { hasPackedBytes } from './packed-bytes.ts';
import { PipelineCache } from './pipelines.ts';
import { GpuStopwatch } from './stopwatch.ts';

/** The engine's device on WebGPU. Its buffers are GPUBuffers; only this folder knows. */
export class WebGpuDevice implements EngineDevice {
  readonly maxBufferBytes: number;
  readonly maxBindingBytes: number;
  readonly longChunks: boolean;
  variant: Variant;
  readonly memory: GpuMemory;
  readonly activationBits = 32;
  readonly pipelines: PipelineCache;
  readonly lost: Promise<BedsideError>;
  readonly #life: DeviceLife;

  constructor(
    readonly gpu: GPUDevice,
    readonly report: DeviceReport,
    /** Of this browser's WGSL. Where nobody asked for it, kernels bring what it may lack. */
    language: { hasPackedBytes: boolean } = { hasPackedBytes: false },
  ) {
    this.maxBufferBytes = gpu.limits.maxBufferSize;
    this.maxBindingBytes = gpu.limits.maxStorageBufferBindingSize;
    this.longChunks = report.longChunks === true;
    const subgroups = gpu.features.has('subgroups');
    const lanes = subgroups && report.isSoftware ? lanesOf(gpu.adapterInfo) : undefined;
    const small = needsSmallForms(gpu.limits) || undefined;
    const { subgroupMinSize } = (gpu.adapterInfo ?? {}) as Partial<GPUAdapterInfo>;
    this.variant = {
      subgroups,
      f16: gpu.features.has('shader-f16'),
      lanes,
      small,
      gpu: !report.isSoftware,
      subgroupMinSize: subgroups ? subgroupMinSize : undefined,
    };
    this.#life = new DeviceLife(gpu);
    this.lost = this.#life.lost;
    this.memory = new GpuMemory(gpu, this.#life, report.isSoftware);
    this.pipelines = new PipelineCache(gpu, language);
  }

  get failed(): boolean {
    return this.#life.failed;
  }

  check(): void {
    this.#life.check();
  }

  async compile(spec: KernelSpec): Promise<void> {
    await this.pipelines.get(spec);
  }

  get compiledKernels(): number {
    return this.pipelines.count;
  }

  async createDispatch(spec: KernelSpec, bindings: Bindings, grid: Dispatch['grid']): Promise<GpuDispatch> {
    const pipeline = await this.pipelines.get(spec);
    const bindGroup = this.gpu.createBindGroup({
      label: spec.label,
      layout: pipeline.getBindGroupLayout(0),
      entries: Object.entries(bindings).map(([binding, part]) => ({
        binding: Number(binding),
        resource: resourceOf(part),
      })),
    });
    return { label: spec.label, pipeline, bindGroup, grid };
  }

  write(buffer: DeviceBuffer, offset: number, data: ArrayBufferView<ArrayBuffer>): void {
    this.gpu.queue.writeBuffer(buffer as GPUBuffer, offset, data);
  }

  begin(): CommandList {
    return new GpuCommands(this.gpu);
  }

  flush(): void {
    this.gpu.queue.submit([]);
  }

  abandon(): void {
    // What is in a queue of WebGPU stays there.
  }

  async settled(): Promise<void> {
    await this.#life.guard(this.gpu.queue.onSubmittedWorkDone());
  }

  async read(readback: DeviceBuffer, bytes: number): Promise<ArrayBuffer> {
    const staging = readback as GPUBuffer;
    await this.#life.guard(staging.mapAsync(GPUMapMode.READ));
    const copy = staging.getMappedRange().slice(0, bytes);
    staging.unmap();
    return copy;
  }

  createStopwatch(mostRuns: number): Promise<Stopwatch | undefined> {
    return GpuStopwatch.create(this.gpu, this.#life, this.memory, mostRuns);
  }

  destroy(): void {
    this.#life.end();
    this.gpu.destroy();
  }
}

function resourceOf(part: Binding): GPUBufferBinding {
  return 'buffer' in part ? { ...part, buffer: part.buffer as GPUBuffer } : { buffer: part as GPUBuffer };
}

/** Invocations of every subgroup, where all have as many and the software kernels are made for so many. */
function lanesOf(info: Partial<GPUAdapterInfo> | undefined): 4 | 8 | undefined {
  const { subgroupMinSize: least, subgroupMaxSize: most } = info ?? {};
  return least === most && (least === 4 || least === 8) ? least : undefined;
}

/**
 * The adapter's own limits for buffers and every feature that a kernel variant can use; nothing else. A device of the compatibility
 * level so has that level's limits of workgroups, whatever the adapter allows, and gets the small forms of kernels: what offers no more
 * has few registers too.
 * @throws `no-webgpu`, `adapter-too-small`
 */
export async function acquireDevice(gpu: GPU | undefined): Promise<WebGpuDevice> {
  const found = await requestAdapter(gpu);
  const { adapter } = found;
  const wanted: GPUFeatureName[] = ['shader-f16', 'subgroups'];
  let device: GPUDevice;
  try {
    device = await adapter.requestDevice({
      requiredFeatures: wanted.filter(feature => adapter.features.has(feature)),
      requiredLimits: {
        maxBufferSize: adapter.limits.maxBufferSize,
        maxStorageBufferBindingSize: adapter.limits.maxStorageBufferBindingSize,
      },
    });
  } catch (error) {
    throw new BedsideError(
      'no-webgpu',
      sentence`device-could-not-be-opened: The browser found a graphics device but could not open it.`,
      'Close other programs that use the graphics card, reload the page, and update the graphics driver.',
      error,
    );
  }
  return new WebGpuDevice(device, reportOf(found), { hasPackedBytes: hasPackedBytes(gpu) });
}
