import { expect, test } from 'vitest';
import { type RoutedRequest, routeRequest } from './route.ts';

const scope = 'https://host.example/bedside/';
const precached = new Set(['index.html', 'assets/a.js', 'models/card.json'].map(url => scope + url));

function route(url: string, request: Partial<RoutedRequest> = {}) {
  const defaults = { method: 'GET', mode: 'cors', destination: '', url: scope + url, headers: new Headers() };
  return routeRequest({ ...defaults, ...request }, scope, precached);
}
const navigation = { mode: 'navigate', destination: 'document' };

test.each(['', '?debug=1', '#chat', 'index.html', 'index.html?debug=1'])('the page itself: %j', url => {
  expect(route(url, navigation)).toEqual({ from: 'cache', url: `${scope}index.html` });
});

test('a precached file comes from the cache, opened as a page too', () => {
  expect(route('assets/a.js')).toEqual({ from: 'cache', url: `${scope}assets/a.js` });
  expect(route('models/card.json', navigation)).toEqual({ from: 'cache', url: `${scope}models/card.json` });
});

test('a query names another file, except for a page', () => {
  expect(route('assets/a.js?v=2', { destination: 'script' })).toEqual({ from: 'network' });
});

test.each(['worker', 'script', 'document', 'iframe'])(
  'an unknown %s is fetched and gets headers',
  destination => {
    expect(route('other', { destination })).toEqual({ from: 'network' });
  },
);

test.each<[string, Partial<RoutedRequest>]>([
  ['data that is not precached', { url: `${scope}models/weights.gguf` }],
  ['a range', { url: `${scope}assets/a.js`, headers: new Headers({ Range: 'bytes=0-9' }) }],
  ['another method', { url: `${scope}index.html`, method: 'POST', ...navigation }],
  ['another origin', { url: 'https://elsewhere.example/bedside/index.html', ...navigation }],
])('%s is left to the browser', (_, request) => {
  expect(route('', request)).toEqual({ from: 'browser' });
});
