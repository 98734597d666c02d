import type { Dispatch, Step } from '../device/dispatch.ts';
import type { KernelChoices, LaunchClass } from '../device/kernel-choices.ts';
import type { BufferPart, DeviceBuffer } from '../device/memory.ts';

/** Launches of one class, in the order of the layers. */
export interface ClassLaunches {
  of: LaunchClass;
  dispatches: Dispatch[];
  /** In which they are timed. */
  steps: Step[];
  /** Of weights, by all of them. */
  readBytes: number;
}

/** A model whose weights are on the device, and on which nothing has been computed. */
export interface TunableModel {
  /** (position, tokens) u32, from which kernels read their step. */
  readonly state: DeviceBuffer;
  /** Pieces of its weights, each of whole vec4s. */
  readonly weights: readonly BufferPart[];
  /**
   * By `classKey`, what takes most of the time first. Built for these choices; what they allocate is the caller's to release. They
   * write activations alone: neither weights nor what is remembered between steps.
   */
  launchesByClass(choices: KernelChoices): Promise<Map<string, ClassLaunches>>;
  /** Clears the activations. */
  clear(): void;
}
