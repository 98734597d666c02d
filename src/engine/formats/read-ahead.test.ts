import { describe, expect, test } from 'vitest';
import { BedsideError } from '../errors.ts';
import { sentence } from '../sentence.ts';
import { type ByteRange, readAhead } from './read-ahead.ts';

/** A source whose reads end when the test says so. */
class SlowSource {
  readonly bytes = 1000;
  readonly log: string[] = [];
  readonly #waiting: { offset: number; settle: (error?: Error) => void }[] = [];

  read(offset: number, length: number): Promise<Uint8Array> {
    this.log.push(`read ${offset}`);
    return new Promise((resolve, reject) =>
      this.#waiting.push({
        offset,
        settle: error => (error ? reject(error) : resolve(new Uint8Array(length).fill(offset))),
      }),
    );
  }

  get underWay(): number[] {
    return this.#waiting.map(({ offset }) => offset);
  }

  /** Ends the oldest read and lets everything that waited for it happen. */
  async settle(error?: Error): Promise<void> {
    this.#waiting.shift()?.settle(error);
    await new Promise(resolve => setTimeout(resolve));
  }
}

const ranges = (count: number): ByteRange[] =>
  Array.from({ length: count }, (_, i) => ({ offset: 10 * i, bytes: 10 }));

const broken = () =>
  new BedsideError('truncated-model', sentence`file-ends: The file ends.`, 'Get it again.');

/** Works through the ranges; each piece is worked on until `finishWork`. */
function work(source: SlowSource, count: number, signal?: AbortSignal) {
  const wakeUp: { now?: (error?: Error) => void } = {};
  const done = (async () => {
    for await (const { range, bytes } of readAhead(source, ranges(count), signal)) {
      expect(bytes).toEqual(new Uint8Array(10).fill(range.offset));
      source.log.push(`work ${range.offset}`);
      await new Promise<void>((resolve, reject) => {
        wakeUp.now = error => (error ? reject(error) : resolve());
      });
    }
  })();
  done.catch(() => undefined);
  return {
    done,
    finishWork: async (error?: Error) => {
      wakeUp.now?.(error);
      await new Promise(resolve => setTimeout(resolve));
    },
  };
}

describe('reading ahead', () => {
  test('reads the next two pieces while one is worked on, never more, in order', async () => {
    const source = new SlowSource();
    const { done, finishWork } = work(source, 5);
    expect(source.underWay).toEqual([0, 10]);
    await source.settle();
    expect(source.underWay).toEqual([10, 20]);
    await source.settle();
    await source.settle();
    expect(source.underWay).toEqual([]);
    await finishWork();
    expect(source.underWay).toEqual([30]);
    await finishWork();
    expect(source.underWay).toEqual([30, 40]);
    await source.settle();
    await source.settle();
    for (let i = 0; i < 3; i++) await finishWork();
    await done;
    expect(source.log).toEqual([
      'read 0',
      'read 10',
      'read 20',
      'work 0',
      'read 30',
      'work 10',
      'read 40',
      'work 20',
      'work 30',
      'work 40',
    ]);
  });

  test('a piece found bad wins over a later read that failed, which is nobody’s error', async () => {
    const source = new SlowSource();
    const { done, finishWork } = work(source, 5);
    await source.settle();
    await source.settle(broken());
    await source.settle(broken());
    await finishWork(new Error('bad piece'));
    await expect(done).rejects.toThrow('bad piece');
  });

  test('a read that failed is reported when its turn comes', async () => {
    const source = new SlowSource();
    const { done, finishWork } = work(source, 5);
    await source.settle();
    await source.settle(broken());
    await finishWork();
    await expect(done).rejects.toMatchObject({ code: 'truncated-model' });
    expect(source.log).not.toContain('work 10');
  });

  test('stops where it is when told to', async () => {
    const stop = new AbortController();
    const source = new SlowSource();
    const { done, finishWork } = work(source, 5, stop.signal);
    await source.settle();
    stop.abort();
    await finishWork();
    await expect(done).rejects.toMatchObject({ code: 'aborted' });
    expect(source.log).toEqual(['read 0', 'read 10', 'read 20', 'work 0']);
    const none = new SlowSource();
    await expect(work(none, 5, stop.signal).done).rejects.toMatchObject({ code: 'aborted' });
    expect(none.log).toEqual([]);
  });
});
