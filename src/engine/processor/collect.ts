const pages = 4096;

/** Between one try and the next: the engine looks in the background, and a first look may miss what was only just let go. */
export const collectPausesMs: readonly number[] = [0, 0, 20, 50, 100, 200, 400];

/**
 * Has the engine look for memory that nobody holds any more, for which it has no other sign: V8 does not count what threads share.
 * It counts memory of one thread, so some is made and dropped that nothing is ever written to.
 */
export async function collect(): Promise<void> {
  for (const pauseMs of collectPausesMs) {
    try {
      new WebAssembly.Memory({ initial: pages, maximum: pages });
    } catch {
      // There was no room even for this, so the engine has looked.
      return;
    }
    await new Promise(resolve => setTimeout(resolve, pauseMs));
  }
}
