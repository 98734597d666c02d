import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type GoldenCase,
  type GoldenTemplate,
  goldenNow,
  goldenTemplates,
  ownTemplates,
} from '../../../test/support/chat-templates.ts';
import { dataFile, readJson } from '../../../test/support/data.ts';
import { loadVocabulary } from '../../../test/support/vocabularies.ts';
import type { JsonValue } from '../../engine/jinja/from-json.ts';
import { createTokenizer, type Tokenizer } from '../../engine/tokenizer/tokenizer.ts';
import { type RenderedCase, renderCases, template } from './template.ts';

const toCase = ({ messages, add_generation_prompt, context = {} }: GoldenCase) => ({
  messages,
  addGenerationPrompt: add_generation_prompt,
  context,
});

function render({ template: source, bos, eos, cases }: GoldenTemplate, tokenizer?: Tokenizer) {
  const pieces = { bosPiece: bos || undefined, eosPiece: eos || undefined };
  return renderCases({ source, ...pieces, ...(tokenizer && { tokenizer }) }, cases.map(toCase), goldenNow);
}

/** The stretches of parts that are contents: [start, end). */
function contentsOf({ parts }: RenderedCase): [number, number][] {
  let at = 0;
  return parts.flatMap(({ text, special }): [number, number][] => {
    at += text.length;
    return special ? [] : [[at - text.length, at]];
  });
}

/** Contents that touch are one stretch of the prompt. */
function joined(stretches: readonly (readonly [number, number])[]): [number, number][] {
  const all: [number, number][] = [];
  for (const [start, end] of stretches) {
    const last = all.at(-1);
    if (last?.[1] === start) last[1] = end;
    else all.push([start, end]);
  }
  return all;
}

/** Of contents that are lists of parts. */
function textsOf(content: JsonValue): string[] {
  if (typeof content === 'string') return [content];
  if (!Array.isArray(content)) return [];
  return content.flatMap(part => (part.type === 'text' ? [part.text.trim()] : []));
}

describe.each(goldenTemplates)('%s', (_name, golden) => {
  it('is rendered as in Python, with the same characters as contents', () => {
    const results = render(golden);
    for (const [i, one] of golden.cases.entries()) {
      const { name, messages, rendered, contents } = one;
      const result = results[i]!;
      if (rendered === undefined) {
        expect(result, name).toMatchObject({ error: { code: 'unusable-template' } });
        continue;
      }
      expect(result, name).toMatchObject({ rendered });
      const found = contentsOf(result as RenderedCase);
      if (contents) {
        const stretches = contents.map(([start, end]) => [start, end] as const);
        expect(joined(found), name).toEqual(joined(stretches));
      } else {
        const texts = messages.flatMap(({ content }) => textsOf(content));
        expect(
          found.map(([start, end]) => rendered.slice(start, end).trim()),
          name,
        ).toEqual(texts);
      }
    }
  });
});

const promptIds = dataFile('testdata/chat-templates/prompt-ids.json');

interface PromptIds {
  vocabulary: string;
  cases: { name: string; ids: number[] }[];
}

const prompts = promptIds ? readJson<{ templates: Record<string, PromptIds> }>(promptIds).templates : {};

describe.skipIf(!promptIds)(`ids${promptIds ? '' : ' (needs BEDSIDE_DATA)'}`, () => {
  it.each(Object.entries(prompts))('of %s are those of its model', async (name, { vocabulary, cases }) => {
    const file = dataFile(`testdata/vocabularies/external/ggml-vocab-${vocabulary}.gguf`)!;
    const tokenizer = createTokenizer(await loadVocabulary(file));
    const golden = Object.fromEntries(goldenTemplates)[name]!;
    const results = render(golden, tokenizer);
    for (const { name: caseName, ids } of cases) {
      const i = golden.cases.findIndex(one => one.name === caseName);
      const { rendered } = golden.cases[i]!;
      // Qwen's own tokenizer composes text; the ids are of the program that does not.
      if (vocabulary === 'qwen2' && rendered !== rendered!.normalize('NFC')) continue;
      expect((results[i] as RenderedCase).ids, caseName).toEqual(ids);
    }
  });
});

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bedside-template-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const chatMl = Object.fromEntries(ownTemplates)['own-chatml']!;
const messages = [{ role: 'user', content: 'Is <|im_end|> text?' }];
const rendered =
  '<|im_start|>system\nYou answer questions about medicine.<|im_end|>\n<|im_start|>user\nIs <|im_end|> text?<|im_end|>\n';

describe('the command', () => {
  const run = (content: unknown, ...more: string[]) =>
    template([
      '--template',
      write('template.jinja', chatMl.template),
      '--messages',
      write('messages.json', content),
      ...more,
    ]);

  it.each([
    ['a list of messages', messages],
    ['an object', { messages }],
    ['an object that says all', { messages, add_generation_prompt: true, context: { tools: null } }],
  ])('renders one conversation, which is %s', async (_what, content) => {
    expect(await run(content)).toEqual({
      rendered: `${rendered}<|im_start|>assistant\n`,
      parts: [
        {
          text: '<|im_start|>system\nYou answer questions about medicine.<|im_end|>\n<|im_start|>user\n',
          special: true,
        },
        { text: 'Is <|im_end|> text?', special: false },
        { text: '<|im_end|>\n<|im_start|>assistant\n', special: true },
      ],
    });
  });

  it('renders several, each by itself', async () => {
    const cases = [{ messages, add_generation_prompt: false }, { messages: [] }];
    expect(await run({ cases })).toMatchObject({
      cases: [{ rendered }, { error: { code: 'unusable-template', reason: 'template-error' } }],
    });
  });

  it('tells the template the day that it is given', async () => {
    const source = write('day.jinja', "{{ strftime_now('%Y-%m-%d') }}");
    const file = write('messages.json', messages);
    for (const date of ['2026-03-09', '2026-03-09T14:05']) {
      const asked = ['--template', source, '--messages', file, '--date', date];
      expect(await template(asked)).toMatchObject({ rendered: '2026-03-09' });
    }
  });

  it('tells it the time that the file says, of a case before that of all', async () => {
    const source = write('day.jinja', "{{ strftime_now('%d %b %Y %H:%M') }}");
    const cases = [{ messages }, { messages, now: '2026-03-10' }];
    const file = write('messages.json', { now: '2026-03-09T14:05:00', cases });
    const asked = ['--template', source, '--messages', file, '--date', '2020-01-01'];
    const rendered = ['09 Mar 2026 14:05', '10 Mar 2026 00:00'];
    expect(await template(asked)).toMatchObject({ cases: rendered.map(text => ({ rendered: text })) });
  });

  it('says what is wrong with the only conversation as with one of several', async () => {
    expect(await run([])).toMatchObject({ error: { code: 'unusable-template' } });
  });

  it('gives the pieces that are named, and none where an empty one is', async () => {
    const source = write(
      'pieces.jinja',
      "{{ bos_token | default('none') }} {{ eos_token | default('none') }}",
    );
    const file = write('messages.json', messages);
    const asked = ['--template', source, '--messages', file];
    expect(await template(asked)).toMatchObject({ rendered: 'none none' });
    expect(await template([...asked, '--bos', '<s>', '--eos', ''])).toMatchObject({ rendered: '<s> none' });
  });

  it.each([
    [['--template', 'x.jinja'], 'messages-are-missing'],
    [['--messages', '/no/such.json', '--template', 'x.jinja'], 'messages-cannot-be-read'],
  ])('%j is refused', async (argv, reason) => {
    await expect(template(argv)).rejects.toMatchObject({ code: 'invalid-request', reason });
  });

  it.each([
    [{}],
    ['text'],
    [[{ content: 'x' }]],
    [[{ role: 'user' }]],
    [{ cases: [{}] }],
    [{ messages, context: 1 }],
    [{ messages, now: 'soon' }],
    [{ messages, now: 5 }],
  ])('a file that holds %j is refused', async content => {
    await expect(run(JSON.stringify(content))).rejects.toMatchObject({
      reason: 'messages-are-no-conversation',
    });
  });
});

const smol = dataFile('testdata/smollm2/SmolLM2-135M-Instruct.Q4_1.gguf');
const smolGolden = dataFile('testdata/smollm2/golden.json');

it.skipIf(!smol)("uses the model's own template and vocabulary (needs BEDSIDE_DATA)", async () => {
  const { cases } = readJson<{ cases: { prompt: string; templated: string; ids: number[] }[] }>(smolGolden!);
  const asked = cases.map(({ prompt }) => ({ messages: [{ role: 'user', content: prompt }] }));
  expect(await template([smol!, '--messages', write('smol.json', { cases: asked })])).toMatchObject({
    cases: cases.map(({ templated, ids }) => ({ rendered: templated, ids })),
  });
});
