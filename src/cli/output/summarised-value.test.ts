import { expect, test } from 'vitest';
import { summariseText, summariseValue } from './summarised-value.ts';

test('what is short stays as it is', () => {
  for (const value of ['llama', 5, 0.5, true]) expect(summariseValue(value)).toBe(value);
  expect(summariseValue(['en', 'de'])).toEqual(['en', 'de']);
  expect(summariseValue(Uint32Array.of(1, 2))).toEqual([1, 2]);
});

test('vocabularies and merges are counted and begun', () => {
  const pieces = Array.from({ length: 50_000 }, (_, i) => `piece ${i} ${'x'.repeat(1000)}`);
  const summary = summariseValue(pieces);
  expect(summary).toMatchObject({ count: 50_000 });
  expect(JSON.stringify(summary).length).toBeLessThan(1000);
  expect(summariseValue(new Float32Array(4096))).toEqual({ count: 4096, first: new Array(8).fill(0) });
});

test('a long text is measured in bytes and begun, and no character is cut', () => {
  expect(summariseValue('é'.repeat(300))).toEqual({ bytes: 600, first: 'é'.repeat(64) });
  expect(summariseValue(`x${'💊'.repeat(300)}`)).toEqual({ bytes: 1201, first: `x${'💊'.repeat(31)}` });
});

test('a text of a kind that is never shown whole is summarised however short it is', () => {
  expect(summariseText('{{ content }}')).toEqual({ bytes: 13, first: '{{ con' });
});
