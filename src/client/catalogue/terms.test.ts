import { describe, expect, test } from 'vitest';
import { readDescription, writeDescription } from './model-description.ts';
import { acceptedAt, lacksAcceptance, noticeFile, termsOf, termsOfAnswer } from './terms.ts';

const file = (said: { name?: string; architecture?: string; licence?: string; licenceAddress?: string }) => ({
  name: 'a file',
  identity: { name: 'a file', architecture: 'llama', ...said },
});

describe('the terms of a model', () => {
  test('are those of its entry', () => {
    expect(termsOf({ terms: 'gemma', name: 'N' })?.name).toBe('Gemma Terms of Use');
    expect(termsOf({ terms: 'hai-def', name: 'N' })?.version).toBe('15 November 2024');
    expect(termsOf({ name: 'N' })).toBeUndefined();
  });

  test.each([
    [{ architecture: 'gemma3', name: 'MedGemma 1.5 4B It' }, 'hai-def'],
    [{ architecture: 'gemma3', licence: 'health-ai-developer-foundations' }, 'hai-def'],
    [
      {
        architecture: 'gemma3',
        licence: 'other',
        licenceAddress: 'https://developers.google.com/health-ai-developer-foundations/terms',
      },
      'hai-def',
    ],
    [{ architecture: 'gemma3', name: 'Ward notes' }, 'gemma'],
    [{ architecture: 'gemma3', licence: 'mit' }, 'gemma'],
    [{ architecture: 'llama', licence: 'gemma' }, 'gemma'],
    [{ architecture: 'llama', licence: 'apache-2.0' }, undefined],
    [{ architecture: 'llama' }, undefined],
  ])('of a file that says %o are %s', (said, id) => {
    expect(termsOf(file(said))?.id).toBe(id);
  });
});

test.each([
  [{ model: 'Ward notes', identity: { terms: 'gemma' } }, 'gemma'],
  [{ model: 'MedGemma 1.5 4B', identity: { terms: 'hai-def' } }, 'hai-def'],
  // As earlier versions stored it.
  [{ model: 'MedGemma 1.5 4B' }, 'hai-def'],
  [{ model: 'ward', identity: { looksLike: 'Gemma 3 4B' } }, 'gemma'],
  [{ model: 'Gemma 3 1B', identity: {} }, 'gemma'],
  // Of a later version, whose terms this one does not know.
  [{ model: 'Other', identity: { terms: 'others' } }, undefined],
  [{ model: 'SmolLM2', identity: {} }, undefined],
  [{}, undefined],
])('an answer that says %o has those of its model: %s', (answer, id) => {
  expect(termsOfAnswer(answer)?.id).toBe(id);
});

describe('acceptance', () => {
  const terms = termsOf({ terms: 'gemma', name: 'N' })!;
  const entry = { terms: 'gemma', name: 'N' } as const;

  test('is of one version of one set of terms', () => {
    const accepted = [{ id: 'gemma', version: terms.version, at: 7 }];
    expect(acceptedAt(terms, accepted)).toBe(7);
    expect(lacksAcceptance(entry, accepted)).toBeUndefined();
    for (const other of [
      [],
      [{ ...accepted[0]!, version: '1 May 1999' }],
      [{ ...accepted[0]!, id: 'hai-def' }],
    ]) {
      expect(acceptedAt(terms, other)).toBeUndefined();
      expect(lacksAcceptance(entry, other)).toBe(terms);
    }
    expect(lacksAcceptance({ name: 'N' }, [])).toBeUndefined();
  });
});

test('what goes with a copy has the notice in the words of the terms, and that files are modified', () => {
  const terms = termsOf({ terms: 'hai-def', name: 'N' })!;
  const text = noticeFile(terms, { name: 'MedGemma', isConverted: true });
  expect(text.split('\n')[0]).toBe(
    'HAI-DEF is provided under and subject to the Health AI Developer Foundations Terms of Use found at https://developers.google.com/health-ai-developer-foundations/terms',
  );
  for (const words of [
    'MedGemma',
    terms.policyAddress,
    'Modified files',
    'Not validated for diagnosis or treatment',
  ])
    expect(text).toContain(words);
  for (const each of terms.binds) expect(text).toContain(each);
});

test('the notice travels in the description of an exported model', async () => {
  const described = {
    name: 'M',
    notice: 'A notice.',
    files: [{ name: 'm.gguf', role: 'text' as const, bytes: 4, chunkBytes: 8, chunkSha256: ['0'] }],
  };
  expect(await readDescription(writeDescription(described))).toEqual(described);
});
