/**
 * In this order. The self-test runs beside the upload, so that it is named only where it takes longer; without it there is
 * no model.
 */
export type LoadPhase =
  | 'device'
  | 'download'
  | 'verify'
  | 'header'
  | 'allocate'
  | 'upload'
  | 'self-test'
  | 'tuning'
  | 'prepare';

export interface LoadProgress {
  phase: LoadPhase;
  /** Bytes (download, verify, upload) or steps (allocate, self-test, tuning, prepare) done and in all; total 0 when unknown. */
  done: number;
  total: number;
  /** True while bytes come from this machine's own store, not from the network. */
  fromStore: boolean;
}
