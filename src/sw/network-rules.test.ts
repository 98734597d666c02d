import { expect, test } from 'vitest';
import {
  isModelSource,
  maxModelSources,
  readModelSources,
  readNetworkRules,
  withRedirectHosts,
} from './network-rules.ts';

test.each([
  'https://huggingface.co',
  'https://mirror.hospital.example:8443',
  'http://127.0.0.1:8080',
  'http://localhost',
])('%s may be allowed', origin => {
  expect(isModelSource(origin)).toBe(true);
});

test.each([
  'http://huggingface.co',
  'http://localhost.example',
  'https://huggingface.co/',
  'https://huggingface.co/models',
  'https://HuggingFace.co',
  'https://user@host.example',
  'https://host.example:443',
  'https://*.example',
  'https://a.example;script-src',
  'https://a.example,b.example',
  'https://a.example https://b.example',
  'https://',
  'ftp://host.example',
  'blob:https://host.example',
  '*',
  "'self'",
  '',
  null,
  {},
])('%j may not', origin => {
  expect(isModelSource(origin)).toBe(false);
});

test('a list is taken whole or not at all', () => {
  const many = Array.from({ length: maxModelSources }, (_, index) => `https://host-${index}.example`);
  expect(readModelSources(many)).toEqual(many);
  expect(readModelSources([...many, ...many])).toEqual(many);
  expect(readModelSources([...many, 'https://one-more.example'])).toBeNull();
  expect(readModelSources(['https://a.example', '*'])).toBeNull();
  expect(readModelSources('https://a.example')).toBeNull();
});

test('hosts that redirect bring those that they redirect to', () => {
  expect(withRedirectHosts(['https://a.example', 'https://huggingface.co'])).toEqual([
    'https://a.example',
    'https://huggingface.co',
    'https://*.hf.co',
  ]);
});

test('what was stored comes back; what cannot be read closes the air gap and allows nobody', () => {
  const stored = { airGap: false, modelSources: ['https://a.example'] };
  expect(readNetworkRules(stored)).toEqual(stored);
  expect(readNetworkRules({ ...stored, airGap: null })).toEqual({ ...stored, airGap: null });
  for (const broken of [undefined, null, 5, {}, { airGap: 'no', modelSources: ['*'] }]) {
    expect(readNetworkRules(broken)).toEqual({ airGap: true, modelSources: [] });
  }
});
