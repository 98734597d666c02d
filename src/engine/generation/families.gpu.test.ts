import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { convertFolder } from '../../../test/support/convert-folder.ts';
import { dataFile, readJson } from '../../../test/support/data.ts';
import { openAnyDevice } from '../../../test/support/gpu.ts';
import type { EngineDevice } from '../device/device.ts';
import { BedsideError } from '../errors.ts';
import { bytesSource } from '../formats/byte-source.ts';
import { type LanguageModel, loadModel } from '../loading/load-model.ts';
import { greedySampling } from '../types/sampling.ts';
import { generateTokens } from './generate.ts';
import { generateSamples } from './generate-samples.ts';
import { readOf } from './prefill.ts';
import { textPrompt } from './prompt.ts';

/** PyTorch's numbers, in float32. */
interface FamilyGolden {
  cases: FamilyCase[];
  chat_template_cases?: {
    messages: { role: string; content: string }[];
    text: string;
    enable_thinking?: boolean;
  }[];
  tokenizer_cases: { text: string; ids: number[]; ids_specials_as_text: number[] }[];
}

interface FamilyCase {
  name: string;
  ids: number[];
  last_logits: number[];
  next_token_nll: number[];
  greedy: number[];
  greedy_gap: number[];
  /** After the embedding, after each layer, and in place of what the last one gives, after the norm of the output. */
  hidden_last_token: { l2: number; first16: number[] }[];
}

const folders = ['llama31-nano', 'qwen2-nano', 'qwen3-nano', 'mistral-nano', 'phi3-nano', 'gemma3-nano'];

/** Of a logit, and twice that of several hundred tokens: float implementations differ by a third of it. */
const toleranceOf = ({ ids }: FamilyCase) => (ids.length >= 200 ? 2e-4 : 1e-4);

describe.skipIf(!dataFile('testdata/families')).each(folders)('%s (needs BEDSIDE_DATA)', name => {
  const golden = () => readJson<FamilyGolden>(dataFile(`testdata/families/golden/${name}.json`)!);
  let device: EngineDevice;
  let model: LanguageModel;
  beforeAll(async () => {
    device = await openAnyDevice('processor');
    const bytes = await convertFolder(dataFile(`testdata/families/${name}`)!, 'keep');
    model = await loadModel(device, bytesSource(bytes), { precision: 'f32', contextTokens: 1024 });
  });
  afterAll(() => device.destroy());

  it('gives PyTorch’s logits and likelihoods, token by token', async () => {
    for (const each of golden().cases) {
      const { vocabulary } = model.config;
      const all = await model.logitsOfAll(each.ids);
      const last = all.subarray(all.length - vocabulary);
      const tolerance = toleranceOf(each);
      const worst = each.last_logits.reduce(
        (most, logit, i) => Math.max(most, Math.abs(last[i]! - logit)),
        0,
      );
      expect(worst, `${each.name}: logits`).toBeLessThan(tolerance);
      const likelihoods = each.next_token_nll.map((_, i) =>
        unlikelihood(all.subarray(i * vocabulary, (i + 1) * vocabulary), each.ids[i + 1]!),
      );
      const off = each.next_token_nll.reduce(
        (most, nll, i) => Math.max(most, Math.abs(likelihoods[i]! - nll)),
        0,
      );
      expect(off, `${each.name}: likelihoods`).toBeLessThan(tolerance);
    }
  });

  it('has PyTorch’s hidden states after every layer', async () => {
    for (const each of golden().cases) {
      const states = await model.hiddenOfLast(readOf(model, textPrompt(each.ids)));
      expect(states).toHaveLength(each.hidden_last_token.length);
      for (const [layer, { l2, first16 }] of each.hidden_last_token.entries()) {
        const state = states[layer]!;
        const found = Math.sqrt(state.reduce((sum, value) => sum + value * value, 0));
        // Five decimals of numbers up to hundreds, and sums of them.
        const allowed = toleranceOf(each) * Math.max(1, l2 / 10);
        expect(Math.abs(found - l2), `${each.name}: length after ${layer}`).toBeLessThan(allowed);
        const off = first16.map((value, i) => Math.abs(state[i]! - value));
        expect(Math.max(...off), `${each.name}: state after ${layer}`).toBeLessThan(allowed);
      }
    }
  });

  it('goes on as PyTorch does', async () => {
    for (const { ids, greedy, greedy_gap, name } of golden().cases) {
      const { ids: generated } = await generateTokens(model, textPrompt(ids), {
        sampling: greedySampling,
        maxTokens: greedy.length,
        stopIds: new Set(),
      });
      expect(Math.min(...greedy_gap)).toBeGreaterThan(1e-3);
      expect(generated, name).toEqual(greedy);
    }
  });

  it('writes several answers at once as each alone', async () => {
    // The longest that leaves room, past the window where there is one.
    const { ids, greedy } = golden()
      .cases.filter(each => each.ids.length < 300)
      .at(-1)!;
    const { samples } = await generateSamples(model, textPrompt(ids), {
      sampling: greedySampling,
      seeds: [1, 2],
      maxTokens: greedy.length,
      stopIds: new Set(),
    });
    for (const sample of samples) expect(sample.ids).toEqual(greedy);
  });

  it('cuts text into the publisher’s tokens', () => {
    const { tokenizer } = model;
    const startsWith = ([first]: number[]) => ({ addBos: tokenizer.addsBos && first === tokenizer.bosId });
    for (const { text, ids, ids_specials_as_text: asText } of golden().tokenizer_cases) {
      expect(tokenizer.encode(text, { parseSpecial: true, ...startsWith(ids) }), text).toEqual(ids);
      const typed = tokenizer.encode(text, startsWith(asText));
      // The publisher would take <think> from anybody; here only a template may write it.
      const withheld = asText.filter(id => /^<.?\w+>$/.test(tokenizer.pieceText(id)) && !typed.includes(id));
      if (withheld.length === 0) expect(typed, text).toEqual(asText);
      else expect(tokenizer.decode(typed), text).toBe(text.normalize('NFC'));
    }
  });

  it('writes conversations as the publisher’s template does', () => {
    const { template } = model.fileTemplate!;
    if (template instanceof BedsideError) throw template;
    for (const { messages, text, enable_thinking } of golden().chat_template_cases ?? []) {
      const system = messages[0]!.role === 'system' ? messages[0]!.content : undefined;
      const turns = messages
        .slice(system === undefined ? 0 : 1)
        .map(({ role, content }) => ({ role: role as 'user' | 'assistant', text: content }));
      const parts = template.render({
        question: turns.at(-1)!,
        earlier: turns.slice(0, -1),
        system,
        options: enable_thinking === undefined ? undefined : { enable_thinking },
      });
      expect(parts.map(part => part.text).join('')).toBe(text);
    }
  });
});

/** How far a logit may be off, of some 10, by rounding the weights: those of 16 bits lose nothing, as they come in BF16. */
const roundings = { BF16: 1e-4, F16: 1e-4, Q8_0: 1, Q4_0: 8 } as const;

describe.skipIf(!dataFile('testdata/families')).each(folders)('%s, rounded (needs BEDSIDE_DATA)', name => {
  it.each(Object.entries(roundings))('in %s stays within %s of PyTorch', async (type, most) => {
    const { cases } = readJson<FamilyGolden>(dataFile(`testdata/families/golden/${name}.json`)!);
    const { ids, last_logits } = cases[0]!;
    const device = await openAnyDevice('processor');
    const bytes = await convertFolder(dataFile(`testdata/families/${name}`)!, type as keyof typeof roundings);
    const model = await loadModel(device, bytesSource(bytes), { precision: 'f32', contextTokens: 64 });
    const all = await model.logitsOfAll(ids);
    const last = all.subarray(all.length - model.config.vocabulary);
    const off = last_logits.reduce((worst, logit, i) => Math.max(worst, Math.abs(last[i]! - logit)), 0);
    expect(off).toBeLessThan(most);
    device.destroy();
  });
});

// All on one device: what takes time there is to compile kernels, and families share most of them.
describe.skipIf(!dataFile('testdata/families'))('on swiftshader (needs BEDSIDE_DATA)', () => {
  let device: EngineDevice;
  beforeAll(async () => {
    device = await openAnyDevice('swiftshader');
  });
  afterAll(() => device.destroy());

  it.each(folders)('%s gives PyTorch’s logits, read at once and token by token', async name => {
    const { cases } = readJson<FamilyGolden>(dataFile(`testdata/families/golden/${name}.json`)!);
    const { ids, last_logits } = cases.find(each => each.name === 'window_edge') ?? cases[0]!;
    const bytes = await convertFolder(dataFile(`testdata/families/${name}`)!, 'keep');
    const model = await loadModel(device, bytesSource(bytes), { precision: 'f32', contextTokens: 128 });
    const check = (logits: Float32Array) =>
      expect(
        last_logits.reduce((most, logit, i) => Math.max(most, Math.abs(logits[i]! - logit)), 0),
      ).toBeLessThan(2e-4);
    const { vocabulary } = model.config;
    const all = await model.logitsOfAll(ids);
    check(all.subarray(all.length - vocabulary));
    model.cache.truncate(ids.length - 1);
    model.submitTokens(ids.slice(-1), true);
    check(await model.readLogits());
  });
});

/** -log of the softmax at `id`. */
function unlikelihood(logits: Float32Array, id: number): number {
  const largest = logits.reduce((most, logit) => Math.max(most, logit), Number.NEGATIVE_INFINITY);
  const total = logits.reduce((sum, logit) => sum + Math.exp(logit - largest), 0);
  return Math.log(total) + largest - logits[id]!;
}
