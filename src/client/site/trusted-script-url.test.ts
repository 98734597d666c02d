import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const page = 'https://host.example/bedside/index.html';

beforeEach(() => {
  vi.resetModules();
  vi.stubGlobal('location', new URL(page));
  vi.stubGlobal('document', { baseURI: page });
});
afterEach(() => vi.unstubAllGlobals());

test('without Trusted Types a URL of this origin comes back absolute', async () => {
  const { trustedScriptUrl } = await import('./trusted-script-url.ts');
  expect(trustedScriptUrl('./sw.js')).toBe('https://host.example/bedside/sw.js');
});

test.each([
  'https://elsewhere.example/w.js',
  '//elsewhere.example/w.js',
  'https://host.example:444/w.js',
  'data:text/javascript,0',
  'blob:https://host.example/0b1c',
])('refuses %s', async url => {
  const { trustedScriptUrl } = await import('./trusted-script-url.ts');
  expect(() => trustedScriptUrl(url)).toThrow(TypeError);
});

test('with Trusted Types one policy named bedside is made and asked each time', async () => {
  const createPolicy = vi.fn((_: string, rules: { createScriptURL(url: string): string }) => ({
    createScriptURL: (url: string) => ({ trusted: rules.createScriptURL(url) }),
  }));
  vi.stubGlobal('trustedTypes', { createPolicy });
  const { trustedScriptUrl } = await import('./trusted-script-url.ts');
  expect(trustedScriptUrl('a.js')).toEqual({ trusted: 'https://host.example/bedside/a.js' });
  expect(() => trustedScriptUrl('https://elsewhere.example/')).toThrow(TypeError);
  expect(createPolicy).toHaveBeenCalledOnce();
  expect(createPolicy.mock.calls[0]?.[0]).toBe('bedside');
});
