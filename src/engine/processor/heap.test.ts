import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Heap } from './heap.ts';

it('hands out stretches that do not meet, at cache lines, and takes them back whole', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 700 }), fc.nat(20)), { maxLength: 60 }),
      steps => {
        const heap = new Heap(100, 8192);
        const held: { start: number; bytes: number }[] = [];
        for (const [bytes, other] of steps) {
          const start = heap.take(bytes);
          if (start === undefined) {
            const released = held.splice(other % Math.max(1, held.length), 1)[0];
            if (released) heap.give(released.start, released.bytes);
            continue;
          }
          expect(start % 64).toBe(0);
          expect(start).toBeGreaterThanOrEqual(128);
          expect(start + bytes).toBeLessThanOrEqual(8192);
          for (const each of held)
            expect(start + bytes <= each.start || each.start + each.bytes <= start).toBe(true);
          held.push({ start, bytes });
        }
        for (const { start, bytes } of held) heap.give(start, bytes);
        expect(heap.take(8192 - 128)).toBe(128);
      },
    ),
  );
});
