// How several threads go through a list of launches: chunks are claimed from a counter, one barrier a launch.
//
// The control block, a cache line for each word that is written by more than one thread. Every word starts at zero.
import { begin, chunksOf, run } from './index';

/** Chunks claimed of the launch under way. */
const CLAIMED: usize = 0;
/** Threads that wait at the barrier. */
const ARRIVED: usize = 64;
/** Counts barriers; threads sleep on it. */
const PASSED: usize = 128;
/** Counts submits: `submit` does. Threads sleep on it between them. */
export const SUBMITTED: i32 = 192;
/** Where the host has put the list, and how many launches it has: two words, written before SUBMITTED is counted up. */
export const SUBMITTED_LIST: i32 = 200;
/** Set when a thread did not come to the barrier: nothing that follows is computed. */
const LOST: usize = 256;
export const CONTROL_BYTES: i32 = 320;

/** A barrier is passed within microseconds where every thread has a core, and within a time slice where not. */
const SPINS: i32 = 300;
/**
 * Sleeps while the word at `address` is `expected`; false where nobody came for so long that whoever is missing must be dead.
 * The host's: V8 11 does not wake a thread that sleeps in WebAssembly's own instruction.
 */
@external('env', 'sleep')
declare function sleep(address: usize, expected: i32): bool;

/**
 * Goes through `count` launches, each (record, tokens of the step) in two words at `list`, together with the other threads.
 * @returns whether all of them came to every barrier
 */
export function walk(list: usize, count: i32, threads: i32, scratch: usize, control: usize): bool {
  if (ASC_FEATURE_THREADS) {
    for (let i = 0; i < count; i++) {
      const record = <usize>load<u32>(list + 8 * i);
      const chunks = chunksOf(record, load<i32>(list + 8 * i, 4));
      let chunk = atomic.add<i32>(control + CLAIMED, 1);
      if (chunk < chunks) begin(record, scratch);
      while (chunk < chunks) {
        run(record, scratch, chunk, 1);
        chunk = atomic.add<i32>(control + CLAIMED, 1);
      }
      if (!arrive(threads, control)) return false;
    }
    return true;
  }
  return unreachable();
}

/** Waits for the other threads; the last one opens the next launch. */
function arrive(threads: i32, control: usize): bool {
  const passed = atomic.load<i32>(control + PASSED);
  if (atomic.add<i32>(control + ARRIVED, 1) + 1 == threads) {
    atomic.store<i32>(control + ARRIVED, 0);
    atomic.store<i32>(control + CLAIMED, 0);
    atomic.add<i32>(control + PASSED, 1);
    atomic.notify(control + PASSED, -1);
    return true;
  }
  for (let i = 0; i < SPINS; i++) if (atomic.load<i32>(control + PASSED) != passed) return true;
  while (atomic.load<i32>(control + PASSED) == passed) {
    if (!sleep(control + PASSED, passed) || atomic.load<i32>(control + LOST) != 0) {
      atomic.store<i32>(control + LOST, 1);
      return false;
    }
  }
  return true;
}

/** Wakes the threads for another submit, whose list is there. */
export function submit(control: usize): void {
  if (ASC_FEATURE_THREADS) {
    atomic.add<i32>(control + SUBMITTED, 1);
    atomic.notify(control + SUBMITTED, -1);
    return;
  }
  unreachable();
}
