// The largest of many logits with their ids, descending, ties to the lower id: shaders/sample/top-k.wgsl, whose passes these are.
//
// Constants: 0 whether candidates are read instead of logits, 1 how many are kept, 2 of how many. Chunks: so many of a row.
// A heap holds the best so far, the worst of them on top, in the thread's scratch: most of the others meet only that.
import { binding, ceilDiv, constant, param } from '../record';

export function topKChunks(record: usize): i32 {
  return param(record, 2) * ceilDiv(param(record, 0), constant(record, 2));
}

export function topKRun(record: usize, scratch: usize, first: i32, count: i32): void {
  for (let chunk = first; chunk < first + count; chunk++) selectOf(record, scratch, chunk);
}

/** Larger is better: the logit's order, then the lower id. */
@inline
function keyOf(bits: u32, id: u32): u64 {
  // Zeros of either sign are one number.
  const term = bits == 0x80000000 ? 0 : bits;
  const order = term >> 31 ? ~term : term | 0x80000000;
  return (<u64>order << 32) | <u64>~id;
}

function selectOf(record: usize, heap: usize, chunk: i32): void {
  const kept = constant(record, 1);
  const room = constant(record, 2);
  const chunksOfRow = ceilDiv(param(record, 0), room);
  const row = chunk / chunksOfRow;
  const start = (chunk % chunksOfRow) * room;
  const end = min(param(record, 0), start + room);
  const worst = keyOf(reinterpret<u32>(<f32>-3.4e38), 0xfffffffe);
  for (let i = 0; i < kept; i++) store<u64>(heap + 8 * i, worst);
  for (let i = start; i < end; i++) {
    const key = constant(record, 0) ? ofCandidate(record, row, i) : ofLogit(record, row, i);
    if (key > load<u64>(heap)) sink(heap, kept, key);
  }
  // The worst goes to the end, again and again.
  for (let left = kept - 1; left > 0; left--) {
    const last = load<u64>(heap + 8 * left);
    store<u64>(heap + 8 * left, load<u64>(heap));
    sink(heap, left, last);
  }
  const out = binding(record, 3) + <usize>(chunk * kept) * 8;
  for (let i = 0; i < kept; i++) {
    const key = load<u64>(heap + 8 * i);
    const order = <u32>(key >> 32);
    store<u32>(out + 8 * i, order >> 31 ? order & 0x7fffffff : ~order);
    store<u32>(out + 8 * i + 4, ~(<u32>key));
  }
}

function ofLogit(record: usize, row: i32, i: i32): u64 {
  const bits = load<u32>(binding(record, 1) + (<usize>row * param(record, 1) + i) * 4);
  if ((bits & 0x7f800000) == 0x7f800000) return keyOf(reinterpret<u32>(<f32>3.4e38), 0xffffffff);
  return keyOf(bits, i);
}

function ofCandidate(record: usize, row: i32, i: i32): u64 {
  const at = binding(record, 2) + (<usize>row * param(record, 1) + i) * 8;
  return keyOf(load<u32>(at), load<u32>(at, 4));
}

/** Puts `key` in the top's place, and the least of `count` back on top. */
function sink(heap: usize, count: i32, key: u64): void {
  let at = 0;
  while (true) {
    let child = 2 * at + 1;
    if (child >= count) break;
    if (child + 1 < count && load<u64>(heap + 8 * child + 8) < load<u64>(heap + 8 * child)) child++;
    const term = load<u64>(heap + 8 * child);
    if (term >= key) break;
    store<u64>(heap + 8 * at, term);
    at = child;
  }
  store<u64>(heap + 8 * at, key);
}
