import type { BedsideError } from '../errors.ts';
import type { DeviceReport } from '../types/device.ts';
import type { ActivationBits } from '../types/device-choice.ts';
import type { Bindings, CommandList, Dispatch, Step } from './dispatch.ts';
import type { KernelChoices } from './kernel-choices.ts';
import type { KernelSpec } from './kernel-spec.ts';
import type { DeviceBuffer, DeviceMemory, MemoryLimits } from './memory.ts';

/** What a kernel may use on this device. The self-test can take things away: plainer-variants.ts. */
export interface Variant {
  subgroups: boolean;
  /** shader-f16: arithmetic in 16 bits. Storage in 16 bits needs none of it. */
  f16: boolean;
  /**
   * Set on processors that pass for a GPU: invocations of a subgroup, 4 or 8. Products then give each lane rows of its
   * own (shaders/linear/software).
   */
  lanes?: 4 | 8 | undefined;
  /**
   * Kernels in forms of at most 128 invocations and 16 KiB a workgroup, with few registers: where the device's limits are below
   * WebGPU's defaults, or the normal forms have not compiled or passed the self-test.
   */
  small?: boolean | undefined;
  /** A graphics processor, rather than a machine's processor in whatever guise. */
  gpu?: boolean | undefined;
  /** The fewest invocations that a subgroup may have; where the browser does not say, the 4 that WebGPU promises. */
  subgroupMinSize?: number | undefined;
  /** Invocations that compute rows of a product together: 32, but where a test makes a team of a small subgroup. */
  team?: number | undefined;
  /** What was found fastest among the candidates of each class of launches. */
  choices?: KernelChoices | undefined;
}

/**
 * A device on which the engine computes, with all that it keeps there. Lives until `destroy()` or until it is lost; then `lost`
 * resolves and every wait on it rejects with `device-lost`.
 *
 * Writes and submits form one queue: each takes effect after all that came before it and before all that comes after it, also
 * while earlier submits are still under way.
 */
export interface EngineDevice extends MemoryLimits {
  readonly report: DeviceReport;
  /** Kernels are built for this; the self-test may make it plainer. */
  variant: Variant;
  readonly memory: DeviceMemory;
  /** To which products round their activations, where that is faster (quant/product-bits.ts); 32: nothing is rounded. */
  readonly activationBits: ActivationBits;
  /** Resolves when the device is lost for any reason but our own `destroy()`. */
  readonly lost: Promise<BedsideError>;
  readonly failed: boolean;
  /** Throws the first failure seen on this device. Call before showing any number; waits on the device do it themselves. */
  check(): void;

  /** Gets a kernel ready, once for each form. Rejects with `gpu-error` where it cannot be had; the device goes on. */
  compile(spec: KernelSpec): Promise<void>;
  /** Distinct kernels that are ready, or are being made so. */
  readonly compiledKernels: number;
  /** The kernel over these buffers, compiled first where it is not yet. Allocates nothing. */
  createDispatch(spec: KernelSpec, bindings: Bindings, grid: Dispatch['grid']): Promise<Dispatch>;

  /** Queues a write of `data`, whose bytes are copied now. Offset and length are multiples of 4 bytes. */
  write(buffer: DeviceBuffer, offset: number, data: ArrayBufferView<ArrayBuffer>): void;
  begin(): CommandList;
  /** Hands over the writes queued so far, which otherwise wait for the next submit. */
  flush(): void;
  /**
   * What was submitted need not be computed any more: what launches were to write is undefined then, whether they had begun or
   * not. Writes and copies keep their order, and waits are over soon. A GPU takes nothing back and goes on.
   */
  abandon(): void;
  /** Resolves when everything submitted is done; rejects with the device's failure. */
  settled(): Promise<void>;
  /**
   * The first bytes of a readback buffer, once everything submitted is done that writes it; rejects with the device's failure.
   * Until then no other read of the same buffer, nor a submit that writes it.
   */
  read(readback: DeviceBuffer, bytes: number): Promise<ArrayBuffer>;
  /** The device's own clock; undefined where it has none. */
  createStopwatch(mostRuns: number): Promise<Stopwatch | undefined>;

  destroy(): void;
}

/** Times launches where they take place, without what it costs to submit them. */
export interface Stopwatch {
  /** Submits the runs, up to `mostRuns`, one after the other, and waits. Milliseconds of each. */
  time(runs: readonly (readonly Dispatch[])[], step: Step): Promise<number[]>;
}
