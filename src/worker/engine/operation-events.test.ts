import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { OperationEvent } from './engine-messages.ts';
import { sendEvents } from './operation-events.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function recordingPort() {
  const posted: OperationEvent[] = [];
  const close = vi.fn();
  const port = {
    postMessage: (event: OperationEvent) => posted.push(event),
    close,
  } as unknown as MessagePort;
  return { posted, close, events: sendEvents(port) };
}

test('text is sent at once, then gathered for a frame, and never lost', () => {
  const { posted, close, events } = recordingPort();
  events.text('a', 1, [1]);
  events.text('b', 2, [2]);
  events.text('c', 3, [3]);
  expect(posted).toEqual([{ kind: 'text', text: 'a', tokens: 1, ids: [1] }]);
  vi.advanceTimersByTime(16);
  expect(posted.slice(1)).toEqual([{ kind: 'text', text: 'bc', tokens: 3, ids: [2, 3] }]);
  events.text('d', 4, [4]);
  events.end();
  expect(posted.slice(2)).toEqual([{ kind: 'text', text: 'd', tokens: 4, ids: [4] }, { kind: 'end' }]);
  vi.advanceTimersByTime(100);
  expect(posted).toHaveLength(4);
  expect(close).toHaveBeenCalledOnce();
});

test('a thousand tokens a second make no more than a message per frame', () => {
  const { posted, events } = recordingPort();
  for (let token = 1; token <= 1000; token++) {
    events.text('x', token, [token]);
    vi.advanceTimersByTime(1);
  }
  events.end();
  const texts = posted.filter(event => event.kind === 'text');
  expect(texts.length).toBeLessThanOrEqual(1000 / 16 + 2);
  expect(texts.map(({ text }) => text).join('')).toHaveLength(1000);
});

test('progress is thinned to 20 messages a second, with the first and last of each phase', () => {
  const { posted, events } = recordingPort();
  for (const phase of ['download', 'upload'] as const) {
    for (let done = 0; done <= 1000; done++) {
      events.load({ phase, done, total: 1000, fromStore: false });
      vi.advanceTimersByTime(1);
    }
  }
  const loads = posted.filter(event => event.kind === 'load').map(({ progress }) => progress);
  expect(loads.length).toBeLessThanOrEqual(2 * 22);
  for (const phase of ['download', 'upload']) {
    const dones = loads.filter(progress => progress.phase === phase).map(({ done }) => done);
    expect(dones[0]).toBe(0);
    expect(dones.at(-1)).toBe(1000);
  }
});

test('prefill is thinned too', () => {
  const { posted, events } = recordingPort();
  for (let done = 0; done <= 10; done++) events.prefill(done, 10);
  expect(posted).toEqual([
    { kind: 'prefill', done: 0, total: 10 },
    { kind: 'prefill', done: 10, total: 10 },
  ]);
});
