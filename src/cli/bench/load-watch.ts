import type { ByteSource } from '../../engine/formats/byte-source.ts';
import type { LoadProgress } from '../../engine/types/load-progress.ts';

export interface LoadTimes {
  totalMs: number;
  /** Until there is room to be found: headers read and checked, the kernels' compilation started. */
  headerMs: number;
  /** All memory of the model. */
  allocateMs: number;
  /** Reading, repacking and the GPU's copies together; the kernels are compiled and tested meanwhile. */
  uploadMs: number;
  /** By how much the compilation and the test of the kernels outlasted the upload. */
  selfTestMs: number;
  /** Recording the launches. */
  prepareMs: number;
  uploadBytes: number;
  uploadMBps: number;
  /** Of all reads, headers included; a synthetic file is made while it is read. */
  readBytes: number;
  /** While any read was under way. */
  readMs: number;
  readMBps: number;
}

/** Notes when each phase of a load begins, from its progress reports, and how long its files take to read. */
export class LoadWatch {
  readonly #now: () => number;
  readonly #started: number;
  readonly #marks: Partial<Record<'allocate' | 'upload' | 'selfTest' | 'prepare', number>> = {};
  #uploadBytes = 0;
  #readBytes = 0;
  #readMs = 0;
  #readsUnderWay = 0;
  #readSince = 0;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#started = now();
  }

  readonly note = ({ phase, total }: Pick<LoadProgress, 'phase' | 'done' | 'total'>): void => {
    const marks = this.#marks;
    if (phase === 'allocate') marks.allocate ??= this.#now();
    if (phase === 'upload') {
      marks.upload ??= this.#now();
      this.#uploadBytes = total;
    }
    if (phase === 'self-test') marks.selfTest ??= this.#now();
    if (phase === 'prepare') marks.prepare ??= this.#now();
  };

  /** The same bytes, timed. */
  readonly watch = (source: ByteSource): ByteSource => ({
    bytes: source.bytes,
    read: async (offset, length) => {
      if (this.#readsUnderWay++ === 0) this.#readSince = this.#now();
      try {
        const bytes = await source.read(offset, length);
        this.#readBytes += bytes.byteLength;
        return bytes;
      } finally {
        if (--this.#readsUnderWay === 0) this.#readMs += this.#now() - this.#readSince;
      }
    },
  });

  /** When the load is over. */
  finish(): LoadTimes {
    const end = this.#now();
    const { allocate = end, upload = end, prepare = end } = this.#marks;
    const { selfTest = prepare } = this.#marks;
    const uploadMs = selfTest - upload;
    return {
      totalMs: end - this.#started,
      headerMs: allocate - this.#started,
      allocateMs: upload - allocate,
      uploadMs,
      selfTestMs: prepare - selfTest,
      prepareMs: end - prepare,
      uploadBytes: this.#uploadBytes,
      uploadMBps: this.#uploadBytes / uploadMs / 1e3,
      readBytes: this.#readBytes,
      readMs: this.#readMs,
      readMBps: this.#readBytes / this.#readMs / 1e3,
    };
  }
}
