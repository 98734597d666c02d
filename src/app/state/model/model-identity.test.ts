// @vitest-environment jsdom
import { describe, expect, test } from 'vitest';
import { modelIdentity, ownModel, seeing } from '../../testing/fixtures.ts';
import { keyOf, keyOfFiles, signatureOf } from './model-identity.ts';

const file = new File(['GGUF'], 'mine.gguf', { lastModified: 5 });
const hash = 'a'.repeat(64);

test('an answer keeps which terms go with its model, by its entry or by what its file says', () => {
  const termsOf = (entry: Parameters<typeof keyOf>[0]['entry']) =>
    signatureOf({ entry, files: { file } }, { info: null, template: null }).identity.terms;
  expect(termsOf({ ...ownModel, terms: 'hai-def' })).toBe('hai-def');
  const identity = { ...modelIdentity, architecture: 'gemma3' };
  expect(termsOf({ ...ownModel, name: 'Ward notes', identity })).toBe('gemma');
  expect(termsOf({ ...ownModel, name: 'Ward notes', identity: modelIdentity })).toBeUndefined();
});

describe('keyOfFiles', () => {
  const eyes = new File(['GGUF eyes'], 'eyes.gguf', { lastModified: 6 });

  test('is of the files, in whichever order they came', () => {
    expect(keyOfFiles({ file, visionFile: eyes })).toBe('file:eyes.gguf:9:6 file:mine.gguf:4:5');
    expect(keyOfFiles({ file: eyes, visionFile: file })).toBe(keyOfFiles({ file, visionFile: eyes }));
    for (const entry of [ownModel, seeing]) {
      expect(keyOf({ entry, files: { file } })).toBe('file:mine.gguf:4:5');
    }
  });

  test('is of their hashes where all of them are known', () => {
    const hashed = { ...modelIdentity, sha256: [hash] };
    expect(keyOfFiles({ file }, { identity: hashed })).toBe(`sha256:${hash}`);
    expect(keyOfFiles({ file, visionFile: eyes }, { identity: hashed, vision: modelIdentity })).toMatch(
      /^file:/,
    );
  });
});
