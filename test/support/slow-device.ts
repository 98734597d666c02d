import type { EngineDevice, Variant } from '../../src/engine/device/device.ts';
import type { Bindings, CommandList, Dispatch, Step } from '../../src/engine/device/dispatch.ts';
import type { KernelSpec } from '../../src/engine/device/kernel-spec.ts';
import type { DeviceBuffer } from '../../src/engine/device/memory.ts';

/** What one submit took, in milliseconds of the device's own time. */
export interface TimedSubmit {
  submittedAt: number;
  begunAt: number;
  doneAt: number;
}

/**
 * A device that passes for a GPU and is as slow as is said, in a time of its own: what it computes is right, and is done when
 * its clock says so. The clock moves when the host waits, and does not depend on the machine that runs the test.
 */
export class SlowDevice implements EngineDevice {
  now = 0;
  readonly submits: TimedSubmit[] = [];
  readonly report: EngineDevice['report'];
  readonly #inner: EngineDevice;
  readonly #wayMs: number;
  #idleAt = 0;
  #tail: Promise<void> = Promise.resolve();
  #alarm: { at: number; ring: () => void } | undefined;

  /**
   * @param msOf what a launch takes
   * @param wayMs how long it takes until the host hears of it
   */
  constructor(
    inner: EngineDevice,
    public msOf: (label: string, step: Step) => number,
    wayMs = 0,
  ) {
    this.#inner = inner;
    this.#wayMs = wayMs;
    this.report = { ...inner.report, kind: 'gpu' };
  }

  /** Calls back when the clock passes this. */
  at(ms: number, ring: () => void): void {
    this.#alarm = { at: ms, ring };
  }

  begin(): CommandList {
    const commands = this.#inner.begin();
    let ms = 0;
    return {
      launch: (dispatches, step) => {
        for (const { label } of dispatches) ms += this.msOf(label, step);
        commands.launch(dispatches, step);
      },
      copy: (...args) => commands.copy(...args),
      submit: () => {
        const begunAt = Math.max(this.now, this.#idleAt);
        this.#idleAt = begunAt + ms;
        this.submits.push({ submittedAt: this.now, begunAt, doneAt: this.#idleAt });
        commands.submit();
      },
    };
  }

  /** One after the other, so that whoever waits for the first is heard before the second is done. */
  settled(): Promise<void> {
    const heardAt = this.#idleAt + this.#wayMs;
    this.#tail = this.#tail.then(async () => {
      await this.#inner.settled();
      await new Promise(resolve => setImmediate(resolve));
      if (this.#alarm && this.#alarm.at <= heardAt) {
        this.now = Math.max(this.now, this.#alarm.at);
        const { ring } = this.#alarm;
        this.#alarm = undefined;
        ring();
      }
      this.now = Math.max(this.now, heardAt);
    });
    return this.#tail;
  }

  async read(readback: DeviceBuffer, bytes: number): Promise<ArrayBuffer> {
    await this.settled();
    return this.#inner.read(readback, bytes);
  }

  abandon(): void {
    // A GPU takes nothing back.
  }

  get variant(): Variant {
    return this.#inner.variant;
  }
  set variant(variant: Variant) {
    this.#inner.variant = variant;
  }
  get memory() {
    return this.#inner.memory;
  }
  get activationBits() {
    return this.#inner.activationBits;
  }
  get maxBufferBytes() {
    return this.#inner.maxBufferBytes;
  }
  get maxBindingBytes() {
    return this.#inner.maxBindingBytes;
  }
  get interleavesRows() {
    return this.#inner.interleavesRows;
  }
  get lost() {
    return this.#inner.lost;
  }
  get failed() {
    return this.#inner.failed;
  }
  get compiledKernels() {
    return this.#inner.compiledKernels;
  }
  check(): void {
    this.#inner.check();
  }
  compile(spec: KernelSpec): Promise<void> {
    return this.#inner.compile(spec);
  }
  createDispatch(spec: KernelSpec, bindings: Bindings, grid: Dispatch['grid']): Promise<Dispatch> {
    return this.#inner.createDispatch(spec, bindings, grid);
  }
  write(buffer: DeviceBuffer, offset: number, data: ArrayBufferView<ArrayBuffer>): void {
    this.#inner.write(buffer, offset, data);
  }
  flush(): void {
    this.#inner.flush();
  }
  createStopwatch(mostRuns: number) {
    return this.#inner.createStopwatch(mostRuns);
  }
  destroy(): void {
    this.#inner.destroy();
  }
}
