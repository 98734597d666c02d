import { expect, it } from 'vitest';
import {
  architectures,
  architecturesInWords,
  convertibleInWords,
  familyOf,
  findByChatClass,
  findByClass,
  hasWindowUnsaid,
  isChatClass,
} from './families.ts';

const kinds = architectures.flatMap(id => familyOf(id).checkpoints.map(rules => ({ id, rules })));

it('finds a family by the class of a checkpoint, which names one alone', () => {
  const classes = kinds.flatMap(({ rules }) => rules.classes);
  expect(new Set(classes).size).toBe(classes.length);
  for (const { id, rules } of kinds) {
    for (const name of rules.classes) expect(findByClass(name)).toMatchObject({ architecture: id, rules });
  }
  expect(findByClass('InternVLChatModel')).toBeUndefined();
  expect(findByClass('constructor')).toBeUndefined();
});

it('finds the language half of a model that sees images by the classes of both', () => {
  expect(isChatClass('MiniMonkeyChatModel')).toBe(true);
  expect(isChatClass('LlamaForCausalLM')).toBe(false);
  expect(findByChatClass('InternVLChatModel', 'InternLM2ForCausalLM')?.architecture).toBe('internlm2');
  expect(findByChatClass('InternVLChatModel', 'LlamaForCausalLM')).toBeUndefined();
});

it('makes each tensor of a layer from the rows that it takes of a checkpoint’s', () => {
  const shape = { heads: 4, kvHeads: 2, headDim: 8, hidden: 24, feedForward: 40, queryFactor: 1 };
  const outRows: Record<string, number> = {
    attn_q: 32,
    attn_k: 16,
    attn_v: 16,
    attn_qkv: 64,
    attn_output: 24,
    ffn_gate: 40,
    ffn_up: 40,
    ffn_down: 24,
  };
  for (const { id, rules } of kinds) {
    const sources = rules.layer(shape);
    expect(new Set(sources.map(({ kind, name }) => `${kind} ${name}`)).size).toBe(sources.length);
    for (const source of sources) {
      if (source.kind === 'vector') continue;
      const { name, rows, runs = [{ start: 0, count: rows }] } = source;
      const fused = familyOf(id).parts.isFused && name === 'ffn_up' ? 2 : 1;
      expect(runs.reduce((sum, run) => sum + run.count, 0)).toBe(fused * outRows[name]!);
      for (const { start, count } of runs) expect(start + count).toBeLessThanOrEqual(rows);
    }
  }
});

it('has the layers with a window that a pattern says', () => {
  expect([0, 4, 5, 6, 11].map(layer => hasWindowUnsaid(layer, 6))).toEqual([true, true, false, true, false]);
  expect([0, 5].map(layer => hasWindowUnsaid(layer, undefined))).toEqual([true, true]);
});

it('names what is supported in a sentence', () => {
  expect(architecturesInWords()).toBe('llama (such as PMC-LLaMA), internlm2, qwen2, qwen3, phi3 or gemma3');
  expect(convertibleInWords()).toBe(
    'PMC-LLaMA, LLaMA, Mistral, InternVL2-2B, Mini-Monkey, InternLM2 chat models, Qwen 2, Qwen 3, Phi-3 and Gemma 3',
  );
});
