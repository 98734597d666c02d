import type { LaunchClass } from './kernel-choices.ts';
import type { BufferPart, DeviceBuffer } from './memory.ts';

/** What changes from one submit to the next; everything else is fixed when a dispatch is made. */
export interface Step {
  /** Absolute position of the step's first token. */
  position: number;
  /** Tokens in this step. */
  tokens: number;
}

/** Workgroups, for devices that launch in them. */
export type Grid = readonly [x: number, y?: number, z?: number];

/**
 * A kernel with its buffers, made once and launched any number of times. Only the device that made it knows what else it
 * holds. `grid` may depend on the step; the buffers never do.
 */
export interface Dispatch {
  readonly label: string;
  readonly grid: Grid | ((step: Step) => Grid);
  /** Where the kernel has candidates: what was chosen among them for. */
  readonly launchClass?: LaunchClass | undefined;
  /** Of weights that it reads, as far as whoever made it says. */
  readonly readBytes?: number | undefined;
}

/** The dispatch, which says of which class it is. */
export function inClass<Made extends Dispatch>(
  made: Made,
  launchClass: LaunchClass,
  readBytes?: number,
): Made {
  return { ...made, launchClass, readBytes };
}

/** A launch for the one token in a row of a step, which takes place only where the step has such a row. */
export function rowOf(dispatch: Dispatch, row: number): Dispatch {
  const { grid } = dispatch;
  const gridOfOne = ({ position }: Step) =>
    typeof grid === 'function' ? grid({ position, tokens: 1 }) : grid;
  return { ...dispatch, grid: step => (row < step.tokens ? gridOfOne(step) : [0]) };
}

/** A buffer, or a part of one, at a binding number. */
export type Binding = DeviceBuffer | BufferPart;

/** By the numbers of the kernel's shader: 0 its parameters, 7 the step's state where it reads one. */
export type Bindings = Readonly<Record<number, Binding>>;

/**
 * Commands in the order in which they take effect: each sees all that those before it have written. Nothing happens before
 * `submit`, which does not wait, and after which the list is used up.
 */
export interface CommandList {
  /** All in one: where the device has passes, one pass. A launch whose grid is empty in this step does not take place. */
  launch(dispatches: readonly Dispatch[], step: Step): void;
  /** Offsets and `bytes` are multiples of 4. */
  copy(
    source: DeviceBuffer,
    sourceOffset: number,
    target: DeviceBuffer,
    targetOffset: number,
    bytes: number,
  ): void;
  submit(): void;
}
