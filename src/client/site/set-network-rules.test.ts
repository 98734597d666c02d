import { afterEach, expect, test, vi } from 'vitest';
import { askAirGap, setAirGap, setModelSources, watchAirGap } from './set-network-rules.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A service worker that answers every message with what `answer` makes of it; undefined for silence. */
function controlledBy(answer: (message: unknown) => unknown): EventTarget {
  const controller = {
    postMessage(message: unknown, [port]: MessagePort[]) {
      const value = answer(message);
      if (value !== undefined) port?.postMessage(value);
    },
  };
  const container = Object.assign(new EventTarget(), { controller });
  vi.stubGlobal('navigator', { serviceWorker: container });
  return container;
}

test('each question is put to the service worker, and its answer handed on', async () => {
  const heard: unknown[] = [];
  controlledBy(message => {
    heard.push(message);
    return (message as { type: string }).type === 'ask-air-gap' ? 'on' : true;
  });
  expect(await setModelSources(['https://a.example'])).toBe(true);
  expect(await setAirGap(true)).toBe(true);
  expect(await askAirGap()).toBe('on');
  expect(heard).toEqual([
    { type: 'set-model-sources', origins: ['https://a.example'] },
    { type: 'set-air-gap', isOn: true },
    { type: 'ask-air-gap' },
  ]);
});

const unregistered = { controller: null, getRegistration: async () => undefined };

test.each([{}, { serviceWorker: unregistered }])('where none controls the page', async navigator => {
  vi.stubGlobal('navigator', navigator);
  expect(await setModelSources([])).toBe(false);
  expect(await setAirGap(true)).toBe(false);
  expect(await askAirGap()).toBe('unavailable');
});

test('what is asked before the first one controls the page waits until it does', async () => {
  const container = controlledBy(() => true) as EventTarget & { controller: unknown };
  const { controller } = container;
  Object.assign(container, { controller: null, getRegistration: async () => ({}) });
  const answers = Promise.all([setModelSources(['https://a.example']), setAirGap(true)]);
  await new Promise(resolve => setImmediate(resolve));
  container.controller = controller;
  container.dispatchEvent(new Event('controllerchange'));
  expect(await answers).toEqual([true, true]);
});

test('one that is registered and never takes control is waited for a minute', async () => {
  vi.useFakeTimers();
  const container = Object.assign(new EventTarget(), { controller: null, getRegistration: async () => ({}) });
  vi.stubGlobal('navigator', { serviceWorker: container });
  const settled = vi.fn();
  const answer = setModelSources(['https://a.example']).finally(settled);
  await vi.advanceTimersByTimeAsync(59_000);
  expect(settled).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1000);
  expect(await answer).toBe(false);
});

test('an older version, which does not answer', async () => {
  vi.useFakeTimers();
  controlledBy(() => undefined);
  const answers = Promise.all([setAirGap(true), askAirGap()]);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(await answers).toEqual([false, 'unavailable']);
});

test('the news of a switch are handed on, other messages are not', () => {
  const container = controlledBy(() => true);
  const listener = vi.fn();
  const onControl = vi.fn();
  watchAirGap(listener, onControl);
  const send = (data: unknown) => container.dispatchEvent(new MessageEvent('message', { data }));
  send({ type: 'is-busy' });
  send(null);
  send({ type: 'air-gap', isOn: true });
  expect(listener.mock.calls).toEqual([[true]]);
  expect(onControl).not.toHaveBeenCalled();
  container.dispatchEvent(new Event('controllerchange'));
  expect(onControl).toHaveBeenCalledOnce();
});
