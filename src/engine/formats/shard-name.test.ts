import { expect, it } from 'vitest';
import { readShardName, shardName } from './shard-name.ts';

it('is read from the names of parts', () => {
  const parts = { stem: 'pmc-llama.Q4_K_M', number: 2, count: 12 };
  expect(readShardName('pmc-llama.Q4_K_M-00002-of-00012.gguf')).toEqual(parts);
  expect(shardName(parts)).toBe('pmc-llama.Q4_K_M-00002-of-00012.gguf');
});

it.each([
  'model.gguf',
  'model-00001-of-00001.gguf',
  'model-00000-of-00002.gguf',
  'model-00003-of-00002.gguf',
  'model-1-of-2.gguf',
  'model-00001-of-00002.safetensors',
])('%s is no name of a part', name => expect(readShardName(name)).toBeUndefined());
