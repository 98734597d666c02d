/** Longer than this no result lies unseen. */
const longestMs = 1;
/** Of the time that has been waited, as long as a pause may be. */
const share = 1 / 16;
/** What a pause costs anyway; shorter ones are none. */
const shortestMs = 0.1;

/** How long to rest, where nothing has happened for so long. */
export function pauseMs(waitedMs: number): number {
  const pause = Math.min(longestMs, waitedMs * share);
  return pause < shortestMs ? 0 : pause;
}

/**
 * Dawn in Node looks at what it waits for in every turn of the event loop, and so keeps a core busy with looking. Where the adapter
 * is made of the processor, that core is one of those that compute. Resting lets the loop turn less often: never later by more than
 * a sixteenth of the wait, nor than a millisecond.
 */
export class Rest {
  #waiting = 0;
  #isTurning = false;
  #since = 0;

  constructor(
    private readonly pause: (ms: number) => void = pauseThread,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** What `wait` comes to; until then the event loop turns less often. */
  async during<T>(wait: Promise<T>): Promise<T> {
    if (this.#waiting++ === 0) this.#since = this.now();
    if (!this.#isTurning) {
      this.#isTurning = true;
      setImmediate(this.#turn).unref();
    }
    try {
      return await wait;
    } finally {
      this.#waiting--;
      this.#since = this.now();
    }
  }

  readonly #turn = () => {
    this.#isTurning = this.#waiting > 0;
    if (!this.#isTurning) return;
    const ms = pauseMs(this.now() - this.#since);
    if (ms > 0) this.pause(ms);
    // A process that has nothing else to do may end.
    setImmediate(this.#turn).unref();
  };
}

const never = new Int32Array(new SharedArrayBuffer(4));

function pauseThread(ms: number): void {
  Atomics.wait(never, 0, 0, ms);
}

let isResting = false;

/** From now on this process rests while it waits for WebGPU. Needs Dawn's classes among the globals. */
export function restWhileWaiting(): void {
  if (isResting) return;
  isResting = true;
  const rest = new Rest();
  restDuring(rest, GPUQueue.prototype, 'onSubmittedWorkDone');
  restDuring(rest, GPUBuffer.prototype, 'mapAsync');
  restDuring(rest, GPUDevice.prototype, 'createComputePipelineAsync');
}

function restDuring<Name extends string>(
  rest: Rest,
  waits: Record<Name, (...values: never[]) => Promise<unknown>>,
  name: Name,
): void {
  const wait = waits[name];
  waits[name] = function (this: unknown, ...values) {
    return rest.during(wait.apply(this, values));
  };
}
