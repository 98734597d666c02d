import { expect, test } from 'vitest';
import { hubFileUrl, readHubAddress } from './hub-address.ts';

const origin = 'https://huggingface.co';
const repository = { origin, id: 'org/Model-7B.v2', revision: 'main' };

test.each([
  ['org/Model-7B.v2'],
  [' org/Model-7B.v2/ '],
  ['https://huggingface.co/org/Model-7B.v2'],
  ['https://huggingface.co/org/Model-7B.v2/?library=x#files'],
  ['https://huggingface.co/org/Model-7B.v2/tree/main'],
  ['https://huggingface.co/org/Model-7B.v2/tree/main/quantized'],
  ['https://www.huggingface.co/org/Model-7B.v2'],
  ['https://hf.co/org/Model-7B.v2'],
  ['huggingface.co/org/Model-7B.v2'],
  ['hf.co/org/Model-7B.v2'],
])('%s is a repository', text => {
  expect(readHubAddress(text)).toEqual({ repository });
});

test('a version and a file are read from the address, a page about a file becomes the file', () => {
  expect(readHubAddress('https://huggingface.co/o/n/tree/refs%2Fpr%2F3')).toEqual({
    repository: { origin, id: 'o/n', revision: 'refs/pr/3' },
  });
  const file = readHubAddress('https://huggingface.co/o/n/blob/v1.0/a%20b/c.gguf')!;
  expect(file).toEqual({ repository: { origin, id: 'o/n', revision: 'v1.0' }, path: 'a b/c.gguf' });
  expect(hubFileUrl(file.repository, file.path!)).toBe(
    'https://huggingface.co/o/n/resolve/v1.0/a%20b/c.gguf',
  );
  expect(readHubAddress('https://mirror.test/o/n/tree/main')).toEqual({
    repository: { origin: 'https://mirror.test', id: 'o/n', revision: 'main' },
  });
});

test.each([
  [''],
  ['model'],
  ['models/nano.gguf'],
  ['https://models.test/org/name'],
  ['https://models.test/org/name/resolve/main/a.gguf'],
  ['http://huggingface.co/org/name'],
  ['https://huggingface.co/org'],
  ['https://huggingface.co/datasets/org/name'],
  ['https://huggingface.co/spaces/org/name'],
  ['https://huggingface.co/org/name/discussions/3'],
  ['https://huggingface.co/org/na%me'],
  ['javascript:org/name'],
  ['../org/name'],
])('%s is not', text => {
  expect(readHubAddress(text)).toBeUndefined();
});
