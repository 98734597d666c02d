/** Which of several tabs has the GPU: a Web Lock, that the browser frees when a tab closes or crashes. */

const lockName = 'bedside-engine';

export interface EngineLock {
  readonly isHeld: boolean;
  /** Takes the GPU where no other tab has it. */
  tryAcquire(): Promise<boolean>;
  /** Takes it as soon as it is free; false when `signal` aborts first. */
  waitFor(signal: AbortSignal): Promise<boolean>;
  /** Asks the tab that has it to let go, and takes it from one that does not answer. */
  takeOver(): Promise<void>;
  release(): void;
  /** Called when another tab asks for the GPU, or has taken it. What is asked for is given when `letGo` has settled. */
  onTaken(letGo: () => Promise<void>): void;
}

export interface EngineLockOptions {
  /** Null where the browser has none. */
  locks?: LockManager | null;
  channel?: BroadcastChannel;
  /** How long an owner may be silent before the GPU is taken from it. */
  silenceMs?: number;
  /** How long one that has answered may take: it finishes a step, saves its answer and frees the memory. */
  farewellMs?: number;
}

type Word = 'asks' | 'lets go';

/** Without Web Locks every tab has the GPU: they share it as best they can. */
export function createEngineLock({
  // Absent in old browsers and outside of secure contexts, whatever the types promise.
  locks = (navigator as { locks?: LockManager }).locks ?? null,
  channel,
  silenceMs = 3000,
  farewellMs = 15_000,
}: EngineLockOptions = {}): EngineLock {
  if (!locks) return unshared;
  const shared = locks;
  const words = channel ?? new BroadcastChannel(lockName);
  let release: (() => void) | undefined;
  let waiting: AbortController | undefined;
  let trying: Promise<boolean> | undefined;
  let letGo: () => Promise<void> = async () => undefined;

  /** Resolves with whether the lock was granted; holds it until `release` is called. */
  function request(options: LockOptions): Promise<boolean> {
    return new Promise(resolve => {
      let wasGranted = false;
      const held = shared.request(lockName, options, lock => {
        resolve(lock !== null);
        if (!lock) return;
        wasGranted = true;
        return new Promise<void>(end => {
          release = end;
        });
      });
      // Rejects when it was aborted before it was granted, and when another tab stole it afterwards.
      held.catch(() => {
        resolve(false);
        if (!wasGranted) return;
        release = undefined;
        void letGo();
      });
    });
  }

  words.addEventListener('message', ({ data }: MessageEvent<Word>) => {
    if (data !== 'asks' || !release) return;
    const say: Word = 'lets go';
    words.postMessage(say);
    void letGo().finally(lock.release);
  });

  const lock: EngineLock = {
    get isHeld() {
      return release !== undefined;
    },

    async tryAcquire() {
      if (release) return true;
      // Two requests of one tab would refuse each other.
      trying ??= request({ ifAvailable: true }).finally(() => {
        trying = undefined;
      });
      return trying;
    },

    async waitFor(signal) {
      if (release) return true;
      if (signal.aborted) return false;
      const wait = new AbortController();
      waiting = wait;
      const stop = () => wait.abort();
      signal.addEventListener('abort', stop, { once: true });
      try {
        return await request({ signal: wait.signal });
      } finally {
        signal.removeEventListener('abort', stop);
      }
    },

    async takeOver() {
      // One that waits in line must not be granted the lock beside this.
      waiting?.abort();
      if (await lock.tryAcquire()) return;
      const patience = new AbortController();
      let timer = setTimeout(() => patience.abort(), silenceMs);
      const hear = ({ data }: MessageEvent<Word>) => {
        if (data !== 'lets go') return;
        clearTimeout(timer);
        timer = setTimeout(() => patience.abort(), farewellMs);
      };
      words.addEventListener('message', hear);
      const say: Word = 'asks';
      words.postMessage(say);
      const wasGranted = await request({ signal: patience.signal });
      clearTimeout(timer);
      words.removeEventListener('message', hear);
      if (!wasGranted) await request({ steal: true });
    },

    release() {
      release?.();
      release = undefined;
    },

    onTaken(handler) {
      letGo = handler;
    },
  };
  return lock;
}

const unshared: EngineLock = {
  isHeld: true,
  tryAcquire: async () => true,
  waitFor: async () => true,
  takeOver: async () => undefined,
  release: () => undefined,
  onTaken: () => undefined,
};
