import type { CommandList, Dispatch, Step } from '../device/dispatch.ts';
import type { DeviceBuffer } from '../device/memory.ts';
import type { Bank } from './bank.ts';
import type { ProcessorBuffer } from './buffer.ts';
import type { TaskQueue } from './queue.ts';
import type { Walker } from './walker.ts';

/** A kernel over its buffers: the records of its launches, in the bank in which it is launched. */
export interface ProcessorDispatch extends Dispatch {
  readonly bank: Bank;
  readonly records: readonly number[];
  /** What it binds, but for what only the host writes. */
  readonly buffers: readonly ProcessorBuffer[];
}

/** Launches that follow each other in one bank. */
interface Segment {
  bank: Bank;
  words: number[];
  /** Those that lie in other banks as well. */
  buffers: Set<ProcessorBuffer>;
}

export class ProcessorCommands implements CommandList {
  readonly #queue: TaskQueue;
  readonly #walker: Walker;
  readonly #onCopied: (buffer: DeviceBuffer, done: number) => void;
  readonly #tasks: (() => number)[] = [];
  readonly #copied: DeviceBuffer[] = [];

  constructor(queue: TaskQueue, walker: Walker, onCopied: (buffer: DeviceBuffer, done: number) => void) {
    this.#queue = queue;
    this.#walker = walker;
    this.#onCopied = onCopied;
  }

  launch(dispatches: readonly Dispatch[], step: Step): void {
    for (const segment of segmentsOf(dispatches as readonly ProcessorDispatch[], step)) {
      this.#tasks.push(() => this.#queue.addWork(() => this.#walk(segment)));
    }
  }

  copy(from: DeviceBuffer, fromOffset: number, to: DeviceBuffer, toOffset: number, bytes: number): void {
    const [source, target] = [from as ProcessorBuffer, to as ProcessorBuffer];
    const put = () => target.write(toOffset, source.bytes.subarray(fromOffset, fromOffset + bytes));
    this.#tasks.push(() => this.#queue.add(put));
    this.#copied.push(to);
  }

  submit(): void {
    let done = 0;
    for (const add of this.#tasks.splice(0)) done = add();
    for (const buffer of this.#copied.splice(0)) this.#onCopied(buffer, done);
  }

  /** Each launch may write all that it binds; the host does not know which of it a kernel only reads. */
  async #walk({ bank, words, buffers }: Segment): Promise<void> {
    for (const buffer of buffers) buffer.carry(bank);
    await this.#walker.walk(bank, Uint32Array.from(words));
    for (const buffer of buffers) buffer.noteWritten(bank);
  }
}

function segmentsOf(dispatches: readonly ProcessorDispatch[], step: Step): Segment[] {
  const segments: Segment[] = [];
  for (const { grid, bank, records, buffers } of dispatches) {
    if ((typeof grid === 'function' ? grid(step) : grid).includes(0)) continue;
    let segment = segments.at(-1);
    if (segment?.bank !== bank) {
      segment = { bank, words: [], buffers: new Set() };
      segments.push(segment);
    }
    for (const record of records) segment.words.push(record, step.tokens);
    for (const buffer of buffers) if (buffer.places.size > 1) segment.buffers.add(buffer);
  }
  return segments;
}
