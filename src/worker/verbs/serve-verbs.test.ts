import { expose, releaseProxy, transfer, wrap } from 'comlink';
import { expect, test } from 'vitest';
import { abortedError } from '../../engine/errors.ts';
import { sentence } from '../../engine/sentence.ts';
import { type OperationRun, serveVerbs } from './serve-verbs.ts';
import { call, type OperationEvent, operation } from './verb.ts';

type Reports = { progress: [done: number, total: number] };

const verbs = {
  double: call<number, number>(),
  tidy: call<void, string>({ needsIdle: true }),
  fetch: operation<string, string, Reports>(),
  compute: operation<string, string, Reports>({
    runsAlone: { message: sentence`busy-computing: It computes.`, advice: 'Wait.' },
  }),
};

/** Reports once, and ends when it is aborted, or as it is told. */
function serve() {
  const ends = new Map<string, () => void>();
  const run = (name: string, { signal, report }: OperationRun<Reports>) =>
    new Promise<string>((resolve, reject) => {
      report('progress', 1, 2);
      ends.set(name, () => resolve(`${name} is done`));
      signal.addEventListener('abort', () => reject(signal.reason));
    });
  const api = serveVerbs(verbs, {
    double: number => {
      if (number > 9) throw new TypeError('too large');
      return 2 * number;
    },
    tidy: async () => 'tidy',
    fetch: run,
    compute: run,
  });
  return { api, end: (name: string) => ends.get(name)!() };
}

function listen() {
  const { port1, port2 } = new MessageChannel();
  const events: OperationEvent<Reports>[] = [];
  const ended = new Promise<OperationEvent<Reports>[]>(resolve => {
    port1.onmessage = ({ data }) => {
      events.push(data);
    };
    // Comes once the worker has closed its end, behind the last event.
    port1.addEventListener('close', () => resolve(events));
  });
  return { port: port2, ended };
}

test('what a call resolves with and what it throws come as data', async () => {
  const { api } = serve();
  expect(await api.double(4)).toEqual({ ok: true, value: 8 });
  expect(await api.double(10)).toMatchObject({
    ok: false,
    error: { code: 'internal', cause: 'TypeError: too large' },
  });
});

test('an operation reports, its last event is the end, and its port is closed behind it', async () => {
  const { api, end } = serve();
  const { port, ended } = listen();
  const running = api.fetch('a', port, 1);
  end('a');
  expect(await running).toEqual({ ok: true, value: 'a is done' });
  expect(await ended).toEqual([{ kind: 'progress', args: [1, 2] }, { kind: 'end' }]);
});

test('an abort ends the operation of that number, also in the task in which it began, and no other', async () => {
  const { api, end } = serve();
  const [one, two] = [listen(), listen()];
  const first = api.fetch('a', one.port, 1);
  const second = api.fetch('b', two.port, 2);
  await api.abort(1);
  await api.abort(3);
  expect(await first).toMatchObject({ ok: false, error: { code: abortedError().code } });
  end('b');
  expect(await second).toEqual({ ok: true, value: 'b is done' });
  await Promise.all([one.ended, two.ended]);
});

test('what runs alone runs beside others that do not, and lets nothing begin that needs the worker idle', async () => {
  const { api, end } = serve();
  const [one, two, three] = [listen(), listen(), listen()];
  const fetching = api.fetch('a', one.port, 1);
  expect(await api.tidy()).toEqual({ ok: true, value: 'tidy' });
  const computing = api.compute('b', two.port, 2);
  const busy = { ok: false, error: { code: 'busy', message: 'It computes.', advice: 'Wait.' } };
  expect(await api.compute('c', three.port, 3)).toMatchObject(busy);
  expect(await three.ended).toEqual([{ kind: 'end' }]);
  expect(await api.tidy()).toMatchObject(busy);
  expect(await api.double(1)).toEqual({ ok: true, value: 2 });
  end('b');
  await computing;
  expect(await api.tidy()).toEqual({ ok: true, value: 'tidy' });
  end('a');
  await fetching;
});

test('what a call says that it transfers is not copied, and what it does not is', async () => {
  const pixels = { moved: new Uint8Array([1, 2]), kept: new Uint8Array([3]) };
  const table = {
    draw: call<void, typeof pixels>({ transfers: ({ moved }) => [moved.buffer] }),
    fail: call<void, typeof pixels>({ transfers: ({ moved }) => [moved.buffer] }),
  };
  const does = {
    draw: () => pixels,
    fail: () => {
      throw new TypeError('no picture');
    },
  };
  const api = serveVerbs(table, does, transfer);
  const { port1, port2 } = new MessageChannel();
  expose(api, port1);
  const remote = wrap<typeof api>(port2);
  expect(await remote.draw()).toEqual({
    ok: true,
    value: { moved: new Uint8Array([1, 2]), kept: new Uint8Array([3]) },
  });
  expect([pixels.moved.byteLength, pixels.kept.byteLength]).toEqual([0, 1]);
  expect(await remote.fail()).toMatchObject({ ok: false, error: { cause: 'TypeError: no picture' } });
  remote[releaseProxy]();
});
