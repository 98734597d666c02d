import type { DeviceReport } from './device.ts';

/** What a kernel computed on this device beside its scalar twin, and how long it took. */
export interface KernelRow {
  group: 'products' | 'language' | 'attention' | 'vision';
  kernel: string;
  /** The form that was tested, e.g. "8-bit cache, heads 16 to 8, width 128"; empty where there is one. */
  form: string;
  /** Of how the kernel was built: "in WebAssembly", "for a processor" (that passes for a GPU), "with subgroups", "without subgroups". */
  build: string;
  /** `not-compiled`: the driver refused it. `no-room`: the device had no memory left to try it. */
  outcome: 'passed' | 'wrong' | 'not-compiled' | 'no-room';
  /** Of the number that was furthest off for what it may be off; null where nothing was computed or it is not a number. */
  largestError: number | null;
  bound: number | null;
  /** Median of a few launches; null where it was not timed. */
  ms: number | null;
  GBps: number | null;
  gflops: number | null;
  /** Of a product with one token: what an answer goes by. Null of every other kernel. */
  weightsPerSecond: number | null;
  /** The size that was timed, where it is a model's and not that of the small problem. */
  timedOn: string;
  /** The driver's words, where there are any. */
  cause: string;
}

/** `model`: what the loaded model uses. `all`: every kernel in every form. */
export type DeviceTestScope = 'model' | 'all';

export interface DeviceTestReport {
  device: DeviceReport;
  scope: DeviceTestScope;
  rows: KernelRow[];
  /** By the GPU's clock, or by the browser's with launch and waiting in it. */
  clock: 'timestamp-query' | 'submit-to-done';
  /** Memory that could be allocated at once, what the loaded model holds included; null where that was not tried. */
  memory: { wantedBytes: number; foundBytes: number } | null;
}
