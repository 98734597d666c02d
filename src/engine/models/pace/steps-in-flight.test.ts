import { describe, expect, it } from 'vitest';
import { mostStepsInFlight, StepsInFlight } from './steps-in-flight.ts';

/** A device that computes a step in `stepMs` and whose results are a while on their way, in a time of its own. */
class FarDevice {
  now = 0;
  readonly steps = new StepsInFlight(() => this.now);
  #idleAt = 0;

  constructor(
    public stepMs: number,
    readonly wayMs: number,
    /** Results are reported at multiples of this. */
    readonly reportedEveryMs = 0,
  ) {}

  /** @returns when a step that is submitted now is read */
  #submit(ms: number): number {
    this.#idleAt = Math.max(this.#idleAt, this.now) + ms;
    const at = this.#idleAt + this.wayMs;
    const every = this.reportedEveryMs;
    return every ? Math.ceil(at / every) * every : at;
  }

  /** An answer of so many tokens; milliseconds from the first to the last. */
  answer(tokens: number): number {
    const { steps } = this;
    this.now = Math.max(this.now, this.#idleAt);
    steps.begin();
    const pending = [this.#submit(0)];
    const arrivals: number[] = [];
    for (let submitted = 1; arrivals.length < tokens; ) {
      while (submitted < tokens && pending.length < steps.count) {
        pending.push(this.#submit(this.stepMs));
        submitted++;
      }
      this.now = Math.max(this.now, pending.shift()!);
      steps.noteRead();
      arrivals.push(this.now);
    }
    return arrivals.at(-1)! - arrivals[0]!;
  }
}

describe('steps in flight', () => {
  it.each([
    ['a slow device that is near', 80, 2, 3],
    ['a fast device that is near', 4, 2, 3],
    ['a device as far as five steps', 10, 50, 6],
    ['a device as far as ten', 10, 100, 11],
    ['a device that is farther than the readbacks reach', 1, 100, mostStepsInFlight],
  ])('of %s: one for each step of a round trip, and one more', (_, stepMs, wayMs, count) => {
    const device = new FarDevice(stepMs, wayMs);
    device.answer(200);
    expect(device.steps.count).toBe(count);
    device.answer(200);
    expect(device.steps.count).toBe(count);
  });

  it('keep a device busy whose results are reported ten times a second', () => {
    const device = new FarDevice(12, 1, 100);
    // With three in flight there would be three tokens a report.
    device.answer(100);
    const ms = device.answer(100);
    expect(ms / 100).toBeLessThan(1.2 * 12);
  });

  it('are fewer again where steps take longer, in a long answer', () => {
    const device = new FarDevice(5, 50);
    device.answer(200);
    expect(device.steps.count).toBe(11);
    device.stepMs = 30;
    device.answer(200);
    expect(device.steps.count).toBe(3);
  });

  it('at most double at a time, so that one late result does not fill the queue', () => {
    const device = new FarDevice(10, 100);
    device.answer(6);
    expect(device.steps.count).toBe(3);
    device.answer(7);
    expect(device.steps.count).toBe(6);
  });

  it('stay as many where steps of another kind come in between', () => {
    const device = new FarDevice(10, 50);
    device.answer(200);
    for (let pause = 0; pause < 20; pause++) {
      device.now += 500;
      device.steps.interrupt();
      for (let read = 0; read < 9; read++) {
        device.now += 10;
        device.steps.noteRead();
      }
    }
    expect(device.steps.count).toBe(6);
  });

  it('stay as they are where the clock does not move', () => {
    const device = new FarDevice(0, 0);
    device.answer(200);
    expect(device.steps.count).toBe(3);
  });
});
