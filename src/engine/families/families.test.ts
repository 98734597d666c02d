import { expect, it } from 'vitest';
import {
  architectures,
  architecturesInWords,
  convertibleInWords,
  familyOf,
  findByChatClass,
  findByClass,
  isChatClass,
} from './families.ts';

it('finds a family by the class of a checkpoint, which names one alone', () => {
  const classes = architectures.flatMap(id => familyOf(id).checkpoint.classes);
  expect(new Set(classes).size).toBe(classes.length);
  for (const id of architectures) {
    for (const name of familyOf(id).checkpoint.classes) expect(findByClass(name)).toBe(id);
  }
  expect(findByClass('InternVLChatModel')).toBeUndefined();
  expect(findByClass('constructor')).toBeUndefined();
});

it('finds the language half of a model that sees images by the classes of both', () => {
  expect(isChatClass('MiniMonkeyChatModel')).toBe(true);
  expect(isChatClass('LlamaForCausalLM')).toBe(false);
  expect(findByChatClass('InternVLChatModel', 'InternLM2ForCausalLM')).toBe('internlm2');
  expect(findByChatClass('InternVLChatModel', 'LlamaForCausalLM')).toBeUndefined();
});

it('makes each matrix of attention from the rows that it takes of a tensor', () => {
  const shape = { heads: 4, kvHeads: 2, headDim: 8 };
  const outRows = { attn_q: 32, attn_k: 16, attn_v: 16 };
  for (const id of architectures) {
    const sources = familyOf(id).checkpoint.attention(shape);
    expect(sources.map(({ name }) => name)).toEqual(['attn_q', 'attn_k', 'attn_v']);
    for (const { name, rows, runs = [{ start: 0, count: rows }] } of sources) {
      expect(runs.reduce((sum, run) => sum + run.count, 0)).toBe(outRows[name]);
      for (const { start, count } of runs) expect(start + count).toBeLessThanOrEqual(rows);
    }
  }
});

it('names what is supported in a sentence', () => {
  expect(architecturesInWords()).toBe('llama (such as PMC-LLaMA) or internlm2');
  expect(convertibleInWords()).toBe('PMC-LLaMA, InternVL2-2B, Mini-Monkey and InternLM2 chat models');
});
