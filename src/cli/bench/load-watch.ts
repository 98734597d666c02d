import type { ByteSource } from '../../engine/formats/byte-source.ts';
import type { LoadProgress } from '../../engine/types.ts';

export interface LoadTimes {
  totalMs: number;
  /** Until the kernels are tested: headers read and checked, their compilation started. */
  headerMs: number;
  /** The rest of the compilation included. */
  selfTestMs: number;
  /** All memory of the model. */
  allocateMs: number;
  /** Reading, repacking and the GPU's copies together. */
  uploadMs: number;
  /** Recording the launches. */
  prepareMs: number;
  uploadBytes: number;
  uploadMBps: number;
  /** Of all reads, headers included; a synthetic file is made while it is read. */
  readBytes: number;
  readMs: number;
  readMBps: number;
}

/** Notes when each phase of a load begins, from its progress reports, and how long its files take to read. */
export class LoadWatch {
  readonly #now: () => number;
  readonly #started: number;
  readonly #marks: Partial<Record<'selfTest' | 'tested' | 'upload' | 'prepare', number>> = {};
  #uploadBytes = 0;
  #readBytes = 0;
  #readMs = 0;
  #readStarted = 0;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#started = now();
  }

  readonly note = ({ phase, done, total }: Pick<LoadProgress, 'phase' | 'done' | 'total'>): void => {
    const marks = this.#marks;
    if (phase === 'self-test' && done === 0) marks.selfTest ??= this.#now();
    if (phase === 'self-test' && done > 0) marks.tested = this.#now();
    // The first report comes after the first piece, whose reading was the last.
    if (phase === 'upload') {
      marks.upload ??= this.#readStarted;
      this.#uploadBytes = total;
    }
    if (phase === 'prepare') marks.prepare ??= this.#now();
  };

  /** The same bytes, timed. */
  readonly watch = (source: ByteSource): ByteSource => ({
    bytes: source.bytes,
    read: async (offset, length) => {
      const at = this.#now();
      this.#readStarted = at;
      const bytes = await source.read(offset, length);
      this.#readMs += this.#now() - at;
      this.#readBytes += bytes.byteLength;
      return bytes;
    },
  });

  /** When the load is over. */
  finish(): LoadTimes {
    const end = this.#now();
    const { selfTest = end, tested = end, upload = end, prepare = end } = this.#marks;
    const uploadMs = prepare - upload;
    return {
      totalMs: end - this.#started,
      headerMs: selfTest - this.#started,
      selfTestMs: tested - selfTest,
      allocateMs: upload - tested,
      uploadMs,
      prepareMs: end - prepare,
      uploadBytes: this.#uploadBytes,
      uploadMBps: this.#uploadBytes / uploadMs / 1e3,
      readBytes: this.#readBytes,
      readMs: this.#readMs,
      readMBps: this.#readBytes / this.#readMs / 1e3,
    };
  }
}
