import { beforeAll, describe, expect, it } from 'vitest';
import { scriptModel } from '../../../test/support/scripted-model.ts';
import { loadNanoVocabulary } from '../../../test/support/vocabularies.ts';
import { undecidedId } from '../kernels/draw.ts';
import { brokenId } from '../kernels/sample.ts';
import { createTokenizer, type Tokenizer } from '../tokenizer/tokenizer.ts';
import { greedySampling } from '../types/sampling.ts';
import { generateTokens } from './generate.ts';
import { textPrompt } from './prompt.ts';

let tokenizer: Tokenizer;
beforeAll(async () => {
  tokenizer = createTokenizer(await loadNanoVocabulary());
});

const asked = [1, 20, 21];
const sampling = { ...greedySampling, temperature: 0.7, topK: 40 };

/** Whose device leaves some positions to the host, which finds the token of the script; and what was done for it. */
function modelOf(undecidedAt: (position: number) => boolean) {
  const tokenAt = (position: number) => 100 + position;
  const { model, unread } = scriptModel(tokenizer, tokenAt);
  const log: string[] = [];
  const at = (position: number) => async () => (undecidedAt(position) ? undecidedId : tokenAt(position));
  /** Of the logits at hand. */
  let logitsOf = asked.length;
  model.submitDraw = () => at(asked.length);
  model.submitDrawnStep = (position, id) => {
    logitsOf = position + 1;
    if (id !== undefined) log.push(`told ${id} at ${position}`);
    return at(position + 1);
  };
  model.submitTokens = (ids, _head, ...more) => {
    const [, keys = ids] = more;
    if (keys.length === 1 && model.cache.keys.length >= asked.length)
      log.push(`again ${ids[0]} at ${model.cache.keys.length}`);
    model.cache.keys.push(...keys);
    logitsOf = model.cache.keys.length;
  };
  model.abandon = () => void log.push('abandoned');
  model.readCandidates = async () => {
    log.push(`host at ${logitsOf}`);
    return {
      ids: Uint32Array.from({ length: 128 }, (_, i) => (i === 0 ? tokenAt(logitsOf) : 1000 + i)),
      logits: Float32Array.from({ length: 128 }, (_, i) => (i === 0 ? 60 : -i)),
    };
  };
  const generate = (maxTokens: number) =>
    generateTokens(model, textPrompt(asked), { sampling, maxTokens, stopIds: new Set() });
  return { model, generate, log, unread };
}

const script = (count: number) => Array.from({ length: count }, (_, i) => 100 + asked.length + i);

describe('a token that the device does not decide', () => {
  it('is drawn by the host from the logits of the prompt where it is the first', async () => {
    const { generate, log } = modelOf(position => position === 3);
    expect((await generate(5)).ids).toEqual(script(5));
    expect(log).toEqual(['host at 3', 'told 103 at 3']);
  });

  it('is drawn from its logits, made again, and steps ahead of it are abandoned', async () => {
    const { generate, log, model, unread } = modelOf(position => position === 5);
    expect((await generate(8)).ids).toEqual(script(8));
    expect(log).toEqual(['abandoned', 'again 104 at 4', 'host at 5', 'told 105 at 5']);
    expect(unread()).toBe(0);
    expect(model.cache.keys).toEqual([...asked, ...script(7)]);
  });

  it('needs no logits again where it is the last that was submitted', async () => {
    const { generate, log } = modelOf(position => position === 6);
    expect((await generate(4)).ids).toEqual(script(4));
    expect(log).toEqual(['host at 6']);
  });

  it('leaves the answer to the host where it is so most of the time', async () => {
    const { generate, model } = modelOf(position => position % 2 === 0);
    let bySteps = 0;
    model.submitSampledStep = id => {
      bySteps++;
      model.cache.keys.push(id);
      const next = 100 + model.cache.keys.length;
      return async () => ({
        ids: Uint32Array.from({ length: 128 }, (_, i) => (i === 0 ? next : 1000 + i)),
        logits: Float32Array.from({ length: 128 }, (_, i) => (i === 0 ? 60 : -i)),
      });
    };
    expect((await generate(40)).ids).toEqual(script(40));
    expect(bySteps).toBeGreaterThan(20);
    expect(model.cache.keys).toEqual([...asked, ...script(39)]);
  });

  it('goes on where that is rare', async () => {
    const { generate, model, log } = modelOf(position => position % 7 === 0);
    model.submitSampledStep = () => {
      throw new Error('left to the host');
    };
    expect((await generate(100)).ids).toEqual(script(100));
    expect(log.filter(line => line.startsWith('host')).length).toBe(14);
  });

  it('is no number that is none', async () => {
    const { generate, model } = modelOf(() => false);
    model.submitDraw = () => async () => brokenId;
    await expect(generate(4)).rejects.toMatchObject({ code: 'gpu-error' });
    expect(model.cache.keys).toEqual([]);
  });
});
