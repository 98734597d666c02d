import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { LoadProgress } from '../../engine/types/load-progress.ts';
import type { OperationEvent } from '../verbs/verb.ts';
import { reportAnswer, reportLoad } from './engine-reports.ts';
import type { AnswerReports } from './engine-verbs.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function recordAnswer() {
  const posted: OperationEvent<AnswerReports>[] = [];
  const events = reportAnswer((kind, ...args) => posted.push({ kind, args } as (typeof posted)[number]));
  return { posted, events };
}

test('text is sent at once, then gathered for a frame, and never lost', () => {
  const { posted, events } = recordAnswer();
  events.text('a', 1, [1]);
  events.text('b', 2, [2]);
  events.text('c', 3, [3]);
  expect(posted).toEqual([{ kind: 'text', args: ['a', 1, [1]] }]);
  vi.advanceTimersByTime(16);
  expect(posted.slice(1)).toEqual([{ kind: 'text', args: ['bc', 3, [2, 3]] }]);
  events.text('d', 4, [4]);
  events.flush();
  expect(posted.slice(2)).toEqual([{ kind: 'text', args: ['d', 4, [4]] }]);
  vi.advanceTimersByTime(100);
  expect(posted).toHaveLength(3);
});

test('a thousand tokens a second make no more than a message per frame', () => {
  const { posted, events } = recordAnswer();
  for (let token = 1; token <= 1000; token++) {
    events.text('x', token, [token]);
    vi.advanceTimersByTime(1);
  }
  events.flush();
  const texts = posted.filter(event => event.kind === 'text');
  expect(texts.length).toBeLessThanOrEqual(1000 / 16 + 2);
  expect(texts.map(({ args: [text] }) => text).join('')).toHaveLength(1000);
});

test('progress is thinned to 20 messages a second, with the first and last of each phase', () => {
  const loads: LoadProgress[] = [];
  const progress = reportLoad((_, step) => loads.push(step));
  for (const phase of ['download', 'upload'] as const) {
    for (let done = 0; done <= 1000; done++) {
      progress({ phase, done, total: 1000, fromStore: false });
      vi.advanceTimersByTime(1);
    }
  }
  expect(loads.length).toBeLessThanOrEqual(2 * 22);
  for (const phase of ['download', 'upload']) {
    const dones = loads.filter(progress => progress.phase === phase).map(({ done }) => done);
    expect(dones[0]).toBe(0);
    expect(dones.at(-1)).toBe(1000);
  }
});

test('prefill is thinned too', () => {
  const { posted, events } = recordAnswer();
  for (let done = 0; done <= 10; done++) events.prefill(done, 10);
  expect(posted).toEqual([
    { kind: 'prefill', args: [0, 10] },
    { kind: 'prefill', args: [10, 10] },
  ]);
});
