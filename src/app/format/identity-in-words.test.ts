import { expect, test } from 'vitest';
import type { ModelIdentity } from '../../client/index.ts';
import { identityFacts, languageInWords } from './identity-in-words.ts';

const silent: ModelIdentity = {
  name: 'model',
  namedBy: 'file name',
  architecture: 'llama',
  parameterCount: 134_515_008,
  quantisation: 'Q4_1',
  fileBytes: 98_362_432,
  contextTokens: null,
  shape: { layers: null, embedding: null, feedForward: null, heads: null, kvHeads: null },
  vocabulary: null,
};

const listed = (identity: ModelIdentity) =>
  Object.fromEntries(identityFacts(identity).map(({ term, value }) => [term, value]));

test('a file that says little: what is missing of it is named only where it matters', () => {
  expect(listed(silent)).toEqual({
    Size: '134.5 million parameters, 98.4 MB',
    'Number format': 'Q4_1',
    Architecture: 'llama',
    Context: 'not said',
    Licence: 'not said',
  });
});

test('a file that says all', () => {
  const said: ModelIdentity = {
    ...silent,
    contextTokens: 8192,
    publisher: 'HuggingFaceTB',
    bases: ['SmolLM2 135M'],
    finetune: 'instruct',
    sizeLabel: '135M',
    licence: 'apache-2.0',
    licenceAddress: 'https://licences.test/apache',
    languages: ['en', 'pt-BR', 'Klingon!'],
    address: 'https://models.test/',
    sha256: ['a'.repeat(64)],
  };
  expect(listed(said)).toMatchObject({
    Publisher: 'HuggingFaceTB',
    'Made from': 'SmolLM2 135M',
    'Fine-tuned': 'instruct',
    Size: '134.5 million parameters (“135M”), 98.4 MB',
    Context: '8,192 tokens',
    Languages: 'English, Brazilian Portuguese, Klingon!',
    Licence: 'apache-2.0, https://licences.test/apache',
    'Where from': 'https://models.test/',
    'SHA-256': 'a'.repeat(64),
  });
});

test('what its maker wrote is told apart from what was measured', () => {
  const quoted = identityFacts({ ...silent, publisher: 'P', licence: 'L' }).filter(
    ({ isQuoted }) => isQuoted,
  );
  expect(quoted.map(({ term }) => term)).toEqual(['Publisher', 'Architecture', 'Licence']);
});

test.each([
  ['de', 'German'],
  ['zxx-wrong-code-of-a-language', 'zxx-wrong-code-of-a-language'],
  ['', ''],
])('%j is %j', (code, words) => {
  expect(languageInWords(code)).toBe(words);
});
