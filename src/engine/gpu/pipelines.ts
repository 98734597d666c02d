import type { ShaderSource } from '../device/kernel-spec.ts';
import { BedsideError } from '../errors.ts';
import { sentence } from '../sentence.ts';
import { definePackedBytes } from './packed-bytes.ts';

/**
 * Compiles each distinct kernel once, asynchronously, so that the first token does not wait for the driver. A failure is not
 * remembered: a driver that had no memory, or was being updated, may compile the same kernel later.
 */
export class PipelineCache {
  readonly #gpu: GPUDevice;
  readonly #hasPackedBytes: boolean;
  readonly #modules = new Map<string, GPUShaderModule>();
  readonly #pipelines = new Map<string, Promise<GPUComputePipeline>>();

  /** `hasPackedBytes`: the browser's WGSL has the packed-byte functions; else each kernel brings its own. */
  constructor(gpu: GPUDevice, { hasPackedBytes }: { hasPackedBytes: boolean }) {
    this.#gpu = gpu;
    this.#hasPackedBytes = hasPackedBytes;
  }

  /** Distinct pipelines made so far, or being made. */
  get count(): number {
    return this.#pipelines.size;
  }

  get(spec: ShaderSource): Promise<GPUComputePipeline> {
    const key = `${spec.entryPoint}\n${JSON.stringify(spec.constants ?? {})}\n${spec.code}`;
    let pipeline = this.#pipelines.get(key);
    if (!pipeline) {
      pipeline = this.#create(spec);
      this.#pipelines.set(key, pipeline);
      pipeline.catch(() => {
        this.#pipelines.delete(key);
        this.#modules.delete(spec.code);
      });
    }
    return pipeline;
  }

  async #create(spec: ShaderSource): Promise<GPUComputePipeline> {
    // A kernel that does not compile fails whoever asked for it; outside a scope it would fail the whole device.
    this.#gpu.pushErrorScope('validation');
    let module = this.#modules.get(spec.code);
    if (!module) {
      const code = this.#hasPackedBytes ? spec.code : definePackedBytes(spec.code);
      module = this.#gpu.createShaderModule({ label: spec.label, code });
      this.#modules.set(spec.code, module);
    }
    const made = this.#gpu.createComputePipelineAsync({
      label: spec.label,
      layout: 'auto',
      compute: { module, entryPoint: spec.entryPoint, constants: spec.constants ?? {} },
    });
    const scope = this.#gpu.popErrorScope();
    try {
      const [pipeline, error] = await Promise.all([made, scope]);
      if (error) throw error;
      return pipeline;
    } catch (error) {
      throw new BedsideError(
        'gpu-error',
        sentence`kernel-did-not-compile: The graphics driver could not prepare the kernel "${{ kernel: spec.label }}".`,
        'Update the browser and the graphics driver, or choose another device.',
        error,
      );
    }
  }
}
