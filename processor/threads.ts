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
/** Threads that sleep at the barrier, or are about to. */
const ASLEEP: usize = 132;
/** Set when a thread did not come to the barrier: nothing that follows is computed. */
const LOST: usize = 192;
/** Set while the rest of the submitted list need not be computed: no chunk is claimed, but every barrier is passed. */
const ABANDONED: usize = 196;
export const CONTROL_BYTES: i32 = 256;

// How often a thread looks at the barrier before it sleeps. Where every thread has a core they end a launch within some
// microseconds of one another, sooner than one that sleeps is woken; where not, looking takes the core from whom it waits for. So
// a thread that waited in vain looks half as often the next time, and one that did not twice as often.
const LEAST_SPINS: i32 = 256;
const MOST_SPINS: i32 = 16384;
let spins: i32 = MOST_SPINS;

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
      let chunk = claim(control);
      if (chunk < chunks) begin(record, scratch);
      while (chunk < chunks) {
        run(record, scratch, chunk, 1);
        chunk = claim(control);
      }
      if (!arrive(threads, control)) return false;
    }
    return true;
  }
  return unreachable();
}

/** The next chunk; none where the list is abandoned. */
@inline
function claim(control: usize): i32 {
  if (atomic.load<i32>(control + ABANDONED) != 0) return i32.MAX_VALUE;
  return atomic.add<i32>(control + CLAIMED, 1);
}

/** Waits for the other threads; the last one opens the next launch. */
function arrive(threads: i32, control: usize): bool {
  const passed = atomic.load<i32>(control + PASSED);
  if (atomic.add<i32>(control + ARRIVED, 1) + 1 == threads) {
    atomic.store<i32>(control + ARRIVED, 0);
    atomic.store<i32>(control + CLAIMED, 0);
    atomic.add<i32>(control + PASSED, 1);
    // One that is not counted yet finds the barrier passed when it is about to sleep.
    if (atomic.load<i32>(control + ASLEEP) != 0) atomic.notify(control + PASSED, -1);
    return true;
  }
  for (let i = 0; i < spins; i++) {
    if (atomic.load<i32>(control + PASSED) == passed) continue;
    spins = min(2 * spins, MOST_SPINS);
    return true;
  }
  spins = max(spins / 2, LEAST_SPINS);
  atomic.add<i32>(control + ASLEEP, 1);
  const isPassed = sleepUntil(passed, control);
  atomic.sub<i32>(control + ASLEEP, 1);
  return isPassed;
}

/** @returns false where a thread did not come */
function sleepUntil(passed: i32, control: usize): bool {
  while (atomic.load<i32>(control + PASSED) == passed) {
    const isAwaited = sleep(control + PASSED, passed) && atomic.load<i32>(control + LOST) == 0;
    // One that came at the very end is not dead.
    if (isAwaited || atomic.load<i32>(control + PASSED) != passed) continue;
    atomic.store<i32>(control + LOST, 1);
    return false;
  }
  return true;
}

/** What is submitted next is computed, whatever was abandoned before. */
export function proceed(control: usize): void {
  if (ASC_FEATURE_THREADS) {
    atomic.store<i32>(control + ABANDONED, 0);
    return;
  }
  unreachable();
}

/** What is not claimed yet of the submitted list is not computed. */
export function abandon(control: usize): void {
  if (ASC_FEATURE_THREADS) {
    atomic.store<i32>(control + ABANDONED, 1);
    return;
  }
  unreachable();
}
