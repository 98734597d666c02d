import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { Bank, ownBytes } from './bank.ts';
import { type HelperStart, type HelperWord, orderAt, serveHelper } from './helper.ts';
import { type KernelModule, loadKernelModule } from './kernel-module.ts';

const patienceMs = 100;
let module: KernelModule;
beforeAll(async () => {
  module = await loadKernelModule('plain-shared');
});
afterEach(() => void vi.restoreAllMocks());

/**
 * The life of one of two helpers that is given a list of one launch, of no chunks, and is let go.
 * @param sleep what its sleep at the barrier, of so many milliseconds, comes to; `pass` is what the other one does when it arrives
 * @returns what it says
 */
function live(sleep: (ms: number, pass: () => void) => 'ok' | 'timed-out'): HelperWord[] {
  const options = { shared: true, threads: 1, guardBytes: 0 };
  const bank = new Bank(module, ownBytes(module, options) + 4096, options);
  const record = bank.take(module.numberOf('RECORD_BYTES'))!;
  new Uint32Array(bank.wasm.buffer, record, 1)[0] = module.numberOf('GATHER');
  new Uint32Array(bank.wasm.buffer, bank.list, 2).set([record, 0]);
  const orders = new Int32Array(new SharedArrayBuffer(4 * Object.keys(orderAt).length));
  orders[orderAt.launches] = 1;
  orders[orderAt.submitted] = (1 << 8) | 2;
  vi.spyOn(Atomics, 'wait').mockImplementation((array, at, expected, ms) => {
    const words = array as unknown as Int32Array;
    if (words.buffer !== orders.buffer) return sleep(ms!, () => void Atomics.add(words, at, 1));
    if (words[at] !== Number(expected)) return 'not-equal';
    words[at] = 2 << 8;
    return 'ok';
  });
  const said: HelperWord[] = [];
  let start: ((start: HelperStart) => void) | undefined;
  serveHelper({
    onStart: then => {
      start = then;
    },
    say: word => said.push(word),
  });
  start!({
    module: module.module,
    index: 0,
    orders,
    at: orderAt,
    collectPausesMs: [],
    patienceMs,
    banks: [{ memory: bank.wasm, scratch: bank.scratch[0]!, control: bank.control, list: bank.list }],
  });
  return said;
}

it('a helper that waits in vain for as long as it is patient says so', () => {
  let waitedMs = 0;
  const said = live(ms => {
    waitedMs += ms;
    return 'timed-out';
  });
  expect(said).toEqual(['ready', 'lost']);
  expect(waitedMs).toBeCloseTo(patienceMs);
});

it('a helper that waits when the machine falls asleep waits on when it wakes', () => {
  let waits = 0;
  const said = live((_, pass) => {
    if (++waits === 1) return 'timed-out';
    pass();
    return 'ok';
  });
  expect(said).toEqual(['ready', 'done']);
});

it('a helper for which another one comes at the very end does not take it for dead', () => {
  let waitedMs = 0;
  const said = live((ms, pass) => {
    waitedMs += ms;
    if (Math.round(waitedMs) === patienceMs) pass();
    return 'timed-out';
  });
  expect(said).toEqual(['ready', 'done']);
});
