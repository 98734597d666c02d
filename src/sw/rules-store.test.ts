import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RulesStore } from './rules-store.ts';

/** Cache Storage in memory, as much of it as the store uses. */
class FakeCaches {
  readonly entries = new Map<string, string>();
  failsToWrite = false;

  async match(url: string, { cacheName }: { cacheName: string }) {
    const text = this.entries.get(`${cacheName} ${url}`);
    return text === undefined ? undefined : new Response(text);
  }

  async open(cacheName: string) {
    return {
      put: async (url: string, response: Response) => {
        if (this.failsToWrite) throw new DOMException('no room', 'QuotaExceededError');
        this.entries.set(`${cacheName} ${url}`, await response.text());
      },
    };
  }
}

const scope = 'https://host.example/bedside/';
let fake: FakeCaches;

beforeEach(() => {
  fake = new FakeCaches();
  vi.stubGlobal('caches', fake);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

test('nothing is stored until somebody chooses', async () => {
  const store = new RulesStore(scope);
  expect(store.current).toBeUndefined();
  expect(await store.load()).toEqual({ airGap: null, modelSources: [] });
  expect(fake.entries.size).toBe(0);
});

test('a choice is there for the next start, and for its own scope only', async () => {
  const store = new RulesStore(scope);
  await Promise.all([store.change({ airGap: true }), store.change({ modelSources: ['https://a.example'] })]);
  const expected = { airGap: true, modelSources: ['https://a.example'] };
  expect(store.current).toEqual(expected);
  expect(await new RulesStore(scope).load()).toEqual(expected);
  expect((await new RulesStore('https://host.example/other/').load()).airGap).toBeNull();
});

test('what another service worker changed is seen after a reload', async () => {
  const waiting = new RulesStore(scope);
  await waiting.load();
  await new RulesStore(scope).change({ airGap: true });
  expect(waiting.current?.airGap).toBeNull();
  expect((await waiting.reload()).airGap).toBe(true);
});

test('without room the gap closes for now and says so; it does not open', async () => {
  const store = new RulesStore(scope);
  fake.failsToWrite = true;
  await expect(store.change({ airGap: true })).rejects.toThrow('no room');
  expect(store.current?.airGap).toBe(true);
  await expect(store.change({ airGap: false })).rejects.toThrow('no room');
  expect(store.current?.airGap).toBe(true);
  fake.failsToWrite = false;
  await store.change({ airGap: false });
  expect(store.current?.airGap).toBe(false);
});

test('what was damaged is read as closed', async () => {
  await new RulesStore(scope).change({ airGap: false });
  for (const key of fake.entries.keys()) fake.entries.set(key, '{"airGap":fal');
  expect(await new RulesStore(scope).load()).toEqual({ airGap: true, modelSources: [] });
});
