import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { registerServiceWorker } from './service-worker.ts';

class FakeWorker extends EventTarget {
  state: string;
  postMessage = vi.fn();
  constructor(state: string) {
    super();
    this.state = state;
  }
  become(state: string) {
    this.state = state;
    this.dispatchEvent(new Event('statechange'));
  }
}

class FakeRegistration extends EventTarget {
  active?: FakeWorker;
  installing?: FakeWorker;
  waiting?: FakeWorker;
  /** What the browser does when it finds another script at the same address. */
  find(worker: FakeWorker) {
    this.installing = worker;
    this.dispatchEvent(new Event('updatefound'));
  }
}

let registration: FakeRegistration;
let container: EventTarget & { controller: FakeWorker | null; register: ReturnType<typeof vi.fn> };
const reload = vi.fn();

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  vi.stubEnv('DEV', false);
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  registration = new FakeRegistration();
  container = Object.assign(new EventTarget(), {
    controller: null,
    register: vi.fn(async () => registration),
  });
  reload.mockReset();
  vi.stubGlobal('navigator', { serviceWorker: container });
  vi.stubGlobal('document', { baseURI: 'https://host.example/bedside/' });
  vi.stubGlobal('location', { origin: 'https://host.example', reload });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

function takeControl(worker: FakeWorker) {
  container.controller = worker;
  container.dispatchEvent(new Event('controllerchange'));
}

test('in development nothing is registered', async () => {
  vi.stubEnv('DEV', true);
  expect(await registerServiceWorker({ onUpdateReady: vi.fn() })).toBe('unsupported');
  expect(container.register).not.toHaveBeenCalled();
});

test('a browser without service workers', async () => {
  vi.stubGlobal('navigator', {});
  expect(await registerServiceWorker({ onUpdateReady: vi.fn() })).toBe('unsupported');
});

test('a first visit is ready once it is controlled, and is offered no update', async () => {
  const onUpdateReady = vi.fn();
  const first = new FakeWorker('installing');
  registration.installing = first;
  const state = registerServiceWorker({ onUpdateReady });
  await vi.advanceTimersByTimeAsync(10);
  first.become('installed');
  takeControl(first);
  expect(await state).toBe('ready');
  expect(onUpdateReady).not.toHaveBeenCalled();
  expect(container.register).toHaveBeenCalledWith('https://host.example/bedside/sw.js', {
    updateViaCache: 'none',
  });
});

test('a failed installation, a refused registration and a worker that never takes control all fail', async () => {
  const broken = new FakeWorker('installing');
  registration.installing = broken;
  const state = registerServiceWorker({ onUpdateReady: vi.fn() });
  await vi.advanceTimersByTimeAsync(10);
  broken.become('redundant');
  expect(await state).toBe('failed');

  registration.installing = undefined;
  const late = registerServiceWorker({ onUpdateReady: vi.fn() });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await late).toBe('failed');

  container.register.mockRejectedValueOnce(new Error('blocked'));
  expect(await registerServiceWorker({ onUpdateReady: vi.fn() })).toBe('failed');
});

test('after a forced reload the active worker is asked to take the page back', async () => {
  const active = new FakeWorker('activated');
  registration.active = active;
  const state = registerServiceWorker({ onUpdateReady: vi.fn() });
  await vi.advanceTimersByTimeAsync(10);
  expect(active.postMessage).toHaveBeenCalledWith({ type: 'claim' });
  takeControl(active);
  expect(await state).toBe('ready');
});

/** Of a waiting version: answers each time it is told to take over. */
function answering(worker: FakeWorker, ...answers: ('applied' | 'busy')[]): void {
  worker.postMessage.mockImplementation((_, [port]: MessagePort[]) => port?.postMessage(answers.shift()));
}

/** Lets messages cross, which takes real time even where timers do not. */
async function crossed(): Promise<void> {
  await new Promise(resolve => setImmediate(() => setImmediate(resolve)));
  await vi.advanceTimersByTimeAsync(0);
}

async function offered(offers: { isBusy?: () => boolean; onUpdateDelayed?: () => void } = {}) {
  const onUpdateReady = vi.fn<(apply: () => void) => void>();
  container.controller = new FakeWorker('activated');
  await registerServiceWorker({ onUpdateReady, ...offers });
  const next = new FakeWorker('installing');
  registration.find(next);
  expect(onUpdateReady).not.toHaveBeenCalled();
  next.become('installed');
  expect(onUpdateReady).toHaveBeenCalledOnce();
  expect(next.postMessage).not.toHaveBeenCalled();
  return { next, apply: onUpdateReady.mock.calls[0]![0] };
}

test('an update is offered when it waits, applied when asked, and the page reloads only then', async () => {
  const { next, apply } = await offered();
  answering(next, 'applied');
  apply();
  apply();
  await crossed();
  expect(next.postMessage).toHaveBeenCalledOnce();
  expect(next.postMessage).toHaveBeenCalledWith({ type: 'apply-update' }, [expect.any(MessagePort)]);
  expect(reload).not.toHaveBeenCalled();
  takeControl(next);
  expect(reload).toHaveBeenCalledOnce();
});

test('an update that was asked for waits until this page is idle, and then until every tab is', async () => {
  let isBusy = true;
  const onUpdateDelayed = vi.fn();
  const { next, apply } = await offered({ isBusy: () => isBusy, onUpdateDelayed });
  answering(next, 'busy', 'applied');
  apply();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(next.postMessage).not.toHaveBeenCalled();
  isBusy = false;
  await vi.advanceTimersByTimeAsync(2000);
  await crossed();
  expect(next.postMessage).toHaveBeenCalledOnce();
  await vi.advanceTimersByTimeAsync(2000);
  await crossed();
  expect(next.postMessage).toHaveBeenCalledTimes(2);
  expect(onUpdateDelayed).toHaveBeenCalledOnce();

  // A question sent at the last moment is answered before the page reloads.
  isBusy = true;
  takeControl(next);
  await vi.advanceTimersByTimeAsync(2000);
  expect(reload).not.toHaveBeenCalled();
  isBusy = false;
  await vi.advanceTimersByTimeAsync(2000);
  expect(reload).toHaveBeenCalledOnce();
});

test('another tab that wants to update is told whether this page is busy', async () => {
  let isBusy = true;
  await offered({ isBusy: () => isBusy });
  const asked = async () => {
    const { port1, port2 } = new MessageChannel();
    const answer = new Promise(resolve => port1.addEventListener('message', event => resolve(event.data)));
    port1.start();
    container.dispatchEvent(new MessageEvent('message', { data: { type: 'is-busy' }, ports: [port2] }));
    const value = await answer;
    port1.close();
    return value;
  };
  expect(await asked()).toBe(true);
  isBusy = false;
  expect(await asked()).toBe(false);
});

test('an update that was waiting before the page opened is offered', async () => {
  const onUpdateReady = vi.fn();
  container.controller = new FakeWorker('activated');
  registration.waiting = new FakeWorker('installed');
  await registerServiceWorker({ onUpdateReady });
  expect(onUpdateReady).toHaveBeenCalledOnce();
});

test('an update that another tab applied never reloads this one by itself', async () => {
  const onUpdateReady = vi.fn<(apply: () => void) => void>();
  container.controller = new FakeWorker('activated');
  await registerServiceWorker({ onUpdateReady });
  takeControl(new FakeWorker('activating'));
  expect(reload).not.toHaveBeenCalled();
  onUpdateReady.mock.calls.at(-1)?.[0]();
  expect(reload).toHaveBeenCalledOnce();
});
