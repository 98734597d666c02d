import { describe, expect, test } from 'vitest';

/** What the page says of itself must not make it a medical device. */
const sources: Record<string, string> = import.meta.glob(
  ['./**/*.{ts,tsx}', '!./**/*.test.{ts,tsx}', '!./testing/**'],
  { query: '?raw', import: 'default', eager: true },
);

/** A detector is what the rays meet: lengths are measured at it. */
const claim = /diagnos|detect(?!ors?\b)|triag/gi;
/** "not for diagnosis, treatment or …": the denial begins shortly before, in the same sentence. */
const denial = /\b(?:not|never|no)\b[^.;:!?]{0,60}$/i;

function withoutComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}

/** Each claim, with the sentence before it; line breaks of the source are no part of the text. */
function claimsIn(source: string): string[] {
  const text = withoutComments(source).replace(/\s+/g, ' ');
  return [...text.matchAll(claim)]
    .filter(({ index }) => !denial.test(text.slice(0, index)))
    .map(({ index }) => text.slice(Math.max(0, index - 60), index + 20));
}

test('the check finds claims and lets denials pass', () => {
  expect(claimsIn("title: 'Diagnose faster'")).toHaveLength(1);
  expect(claimsIn('<p>It detects nodules. It is not slow.</p>')).toHaveLength(1);
  expect(claimsIn('<p>Not a toy. For triage.</p>')).toHaveLength(1);
  expect(claimsIn('<p>Not a medical device; not for\n  diagnosis or treatment.</p>')).toEqual([]);
  expect(claimsIn('// detects it\nconst a = 1; /* diagnose */')).toEqual([]);
});

describe('nothing on the page claims to diagnose, detect or triage', () => {
  test.each(Object.entries(sources))('%s', (_, source) => {
    expect(claimsIn(source)).toEqual([]);
  });
});

test('all of the page was read', () => {
  expect(Object.keys(sources).length).toBeGreaterThan(50);
  expect(Object.keys(sources)).toContain('./shell/notice-dialog.tsx');
});
