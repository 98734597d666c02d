/** A pair of neighbouring symbols that could become one. */
export interface MergeCandidate {
  priority: number;
  /** Index of the left symbol; the tie-breaker. */
  left: number;
  right: number;
  /** Where the pair ended when it was queued: it is stale once the right symbol ends elsewhere. */
  end: number;
}

/** A binary heap: highest priority first, then leftmost. */
export class MergeQueue {
  readonly #heap: MergeCandidate[] = [];

  push(candidate: MergeCandidate): void {
    const heap = this.#heap;
    let index = heap.length;
    heap.push(candidate);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!comesBefore(candidate, heap[parent]!)) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = candidate;
  }

  pop(): MergeCandidate | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && comesBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!comesBefore(heap[child]!, last)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = last;
    return first;
  }
}

function comesBefore(a: MergeCandidate, b: MergeCandidate): boolean {
  return a.priority > b.priority || (a.priority === b.priority && a.left < b.left);
}
