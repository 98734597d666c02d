/** Launches among whose candidates was chosen on a device, and what each candidate took. */
export interface TunedClass {
  /** As LaunchClass has them (device/kernel-choices.ts). */
  kind: string;
  size?: string;
  /** The candidate that computes it; the default where none was faster. */
  chosen: string;
  default: string;
  /**
   * `timed`: each was timed. `at-limit`: the default reads memory about as fast as anything can. `too-small`: its launches are too
   * short to be told apart. `lost-device`: the device was lost while its default was being timed.
   */
  why: 'timed' | 'at-limit' | 'too-small' | 'lost-device';
  /** Of one launch. */
  chosenUs: number;
  defaultUs: number;
  /** Of all candidates as they were composed: with another one nothing that was measured holds any more. */
  code: string;
  /** Milliseconds since 1970. */
  at: number;
}

/** A candidate that is not tried again on the device that it was tried on. */
export interface BadCandidate {
  kind: string;
  name: string;
  why: 'not-compiled' | 'slow-to-compile' | 'wrong' | 'unsteady' | 'lost-device';
  code: string;
}

/** What tells devices and browsers apart, as far as they say. */
export interface TunedDevice {
  vendor: string;
  architecture: string;
  description: string;
  subgroupSizes: readonly number[];
  /** Those by which kernels are built: the variant that the self-test left. */
  features: readonly string[];
  maxSharedBytes: number;
  /** With its version, e.g. "Chrome 142". */
  browser: string;
}

/** What was found on one device, of every model that was loaded on it. */
export interface TuningRecord {
  v: 1;
  device: TunedDevice;
  classes: TunedClass[];
  bad: BadCandidate[];
  /** Models of which every class is among `classes`, by what their graphs are made of. */
  finished: string[];
  /** At which a kernel that does nothing else read the weights; null where that was not measured. */
  readGBps: number | null;
}

/** `chosen`: what was found fastest; what was not timed yet is timed. `defaults`: nothing is timed. */
export type TuningUse = 'chosen' | 'defaults';

/** Of a loaded model. */
export interface ModelTuning {
  /**
   * `nothing-to-choose`: one form of each kernel is all there is for this device. `coarse-clock`: this browser's waits cannot tell
   * launches apart. `stopped`: the reader, or a lost device, ended it.
   */
  state: 'nothing-to-choose' | 'defaults' | 'coarse-clock' | 'stopped' | 'unfinished' | 'finished';
  /** Those that are in use; the first is what takes most of the time. */
  classes: TunedClass[];
  /** Classes that are not timed yet. */
  left: number;
  bad: BadCandidate[];
  readGBps: number | null;
}
