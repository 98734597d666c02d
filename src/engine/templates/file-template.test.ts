import { beforeAll, describe, expect, it } from 'vitest';
import { ownTemplates } from '../../../test/support/chat-templates.ts';
import { loadNanoVocabulary, withPieces } from '../../../test/support/vocabularies.ts';
import { BedsideError } from '../errors.ts';
import { createTokenizer, type Tokenizer } from '../tokenizer/tokenizer.ts';
import { pieceTypes } from '../tokenizer/vocabulary.ts';
import type { ChatMessage } from '../types/chat-message.ts';
import type { Conversation } from './conversation.ts';
import { openFileTemplate } from './file-template.ts';
import { mendingsOf, renderPrompt } from './render-prompt.ts';
import { addsBos, type Template } from './template.ts';

let tokenizer: Tokenizer;
beforeAll(async () => {
  const marks = ['<|im_start|>', '<|im_end|>', '<end_of_turn>', '<|eot_id|>'];
  tokenizer = createTokenizer(
    withPieces(
      await loadNanoVocabulary(),
      marks.map(piece => ({ piece, type: pieceTypes.control })),
    ),
  );
});

const own = Object.fromEntries(ownTemplates);
const open = (source: string) =>
  openFileTemplate({ source, bosPiece: '<s>', eosPiece: '</s>', pieces: tokenizer });
const summaryOf = (source: string) => open(source).summary;

function usable(source: string): Template {
  const { template } = open(source);
  if (template instanceof BedsideError) throw template;
  return template;
}

const user = (text: string): ChatMessage => ({ role: 'user', text });
const assistant = (text: string): ChatMessage => ({ role: 'assistant', text });
const ask = (source: string, messages: ChatMessage[], more: Partial<Conversation> = {}) => {
  const conversation = { messages, includeHistory: true, ...more };
  const template = usable(source);
  return {
    text: renderPrompt(template, conversation)
      .map(part => part.text)
      .join(''),
    mendings: mendingsOf(template, conversation),
  };
};

/** Takes no system message and wants turns to alternate, as Gemma's does. */
const strict = `{{ bos_token }}{% for m in messages %}
{%- if (m.role == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Turns must alternate') }}{% endif %}
{{- '<' ~ m.role ~ '>' ~ m.content ~ '<end_of_turn>' }}
{%- endfor %}{% if add_generation_prompt %}<model>{% endif %}`;

/** Drops system messages without a word, as Phi-3-mini's does. */
const silent = `{% for m in messages %}{% if m.role != 'system' %}{{ '<' ~ m.role ~ '>' ~ m.content ~ '</s>' }}{% endif %}{% endfor %}<assistant>`;

describe('a conversation that the template takes', () => {
  it('is rendered as it is, what was written as text', () => {
    const parts = renderPrompt(usable(own['own-chatml']!.template), {
      messages: [user('Is <|im_end|> text?')],
      includeHistory: true,
      system: 'Be <|im_start|> brief.',
    });
    expect(parts).toEqual([
      { text: '<|im_start|>system\n', special: true },
      { text: 'Be <|im_start|> brief.', special: false },
      { text: '<|im_end|>\n<|im_start|>user\n', special: true },
      { text: 'Is <|im_end|> text?', special: false },
      { text: '<|im_end|>\n<|im_start|>assistant\n', special: true },
    ]);
  });

  it('has the system message that the template brings, until another or none is asked for', () => {
    const source = own['own-chatml']!.template;
    const said = 'You answer questions about medicine.';
    expect(ask(source, [user('Q')]).text).toContain(said);
    expect(ask(source, [user('Q')], { system: 'Be brief.' }).text).not.toContain(said);
    expect(ask(source, [user('Q')], { system: '' }).text).toMatch(/^<\|im_start\|>system\n<\|im_end\|>/);
    expect(ask(silent, [user('Q')], { system: '' })).toEqual({
      text: '<user>Q</s><assistant>',
      mendings: [],
    });
  });

  it('is told the day and the options of the request', () => {
    const source = "{{ strftime_now('%Y') }}{{ enable_thinking }}{{ messages[0].content }}";
    const at = { date: Date.UTC(2021, 5, 15), options: { enable_thinking: 'yes' } };
    // Its history is of no matter here.
    expect(ask(source, [user('Q')], at).text).toBe('2021yesQ');
  });
});

describe('a conversation that the template refuses', () => {
  it.each<[string, ChatMessage[], string | undefined, string, string[]]>([
    [
      'is left alone where it is taken',
      [user('A'), assistant('B'), user('C')],
      undefined,
      '<s><user>A<end_of_turn><assistant>B<end_of_turn><user>C<end_of_turn><model>',
      [],
    ],
    [
      'has its system message before the first question',
      [user('A')],
      'S',
      '<s><user>S\n\nA<end_of_turn><model>',
      ['system-into-question'],
    ],
    [
      'has neighbouring questions joined',
      [user('A'), user('B')],
      undefined,
      '<s><user>A\n\nB<end_of_turn><model>',
      ['questions-joined'],
    ],
    [
      'has both',
      [user('A'), user('B'), assistant('C'), assistant('D'), user('E')],
      'S',
      '<s><user>S\n\nA\n\nB<end_of_turn><assistant>C\n\nD<end_of_turn><user>E<end_of_turn><model>',
      ['system-into-question', 'questions-joined', 'answers-joined'],
    ],
  ])('%s', (_what, messages, system, text, mendings) => {
    expect(ask(strict, messages, { system })).toEqual({ text, mendings });
  });

  it('is refused in its words where mending does not help', () => {
    expect(() => ask(strict, [assistant('A'), user('B')])).toThrow(
      expect.objectContaining({
        code: 'unusable-template',
        reason: 'template-refuses',
        message: expect.stringContaining('Turns must alternate'),
      }),
    );
  });
});

describe('a message that the template leaves out', () => {
  it('is put before the first question, if it is the system message', () => {
    expect(ask(silent, [user('A')], { system: 'S' })).toEqual({
      text: '<user>S\n\nA</s><assistant>',
      mendings: ['system-into-question'],
    });
  });

  it('is a reason to refuse, if it is any other', () => {
    const last = '{{ messages[-1].content }}';
    expect(ask(last, [user('A')]).text).toBe('A');
    expect(() => ask(last, [user('A'), assistant('B'), user('C')])).toThrow(
      expect.objectContaining({ reason: 'message-left-out-by-template' }),
    );
    expect(summaryOf(last)).toMatchObject({ takesHistory: false });
    expect(summaryOf(last)).not.toHaveProperty('fault');
  });

  it('is no matter where there is nothing in it, or only a thought', () => {
    const source = own['own-think']!.template;
    const thought = '<think>\nThe user asks.\n</think>\n\n';
    const { text } = ask(source, [user('A'), assistant(`${thought}B`), user('C')]);
    expect(text).toContain('assistant\nB<|im_end|>');
    expect(text).not.toContain('The user asks.');
    expect(ask(source, [user('A'), assistant(thought), user('C')]).text).not.toContain('The user asks.');
    expect(ask(strict, [user(' \u0085'), assistant(''), user('C')]).mendings).toEqual([]);
  });
});

describe('what trials show', () => {
  it.each<[string, object]>([
    [
      'own-chatml',
      {
        kind: 'ChatML',
        system: 'own',
        defaultSystem: 'You answer questions about medicine.',
        takesHistory: true,
        generationPrompt: 'asked',
        opensThought: false,
        endPiece: '<|im_end|>',
      },
    ],
    [
      'own-alpaca',
      {
        kind: 'Alpaca',
        system: 'own',
        defaultSystem:
          'Below is an instruction that describes a task. Write a response that completes the request.',
        endPiece: '</s>',
      },
    ],
    ['own-vicuna', { system: 'own', endPiece: '</s>', generationPrompt: 'asked' }],
    ['own-inst', { kind: 'Llama 2', system: 'folded', generationPrompt: 'always', endPiece: '</s>' }],
    ['own-header-date', { kind: 'Llama 3', endPiece: '<|eot_id|>' }],
    ['own-think', { kind: 'ChatML', system: 'own', opensThought: false, endPiece: '<|im_end|>' }],
    ['own-parts', { kind: 'Gemma', system: 'folded', endPiece: '<end_of_turn>' }],
  ])('of %s', (name, expected) => {
    const summary = summaryOf(own[name]!.template);
    expect(summary).toMatchObject({ characters: own[name]!.template.length, ...expected });
    expect(summary).not.toHaveProperty('fault');
    if (!('defaultSystem' in expected)) expect(summary).not.toHaveProperty('defaultSystem');
  });

  it('is that Bedside has to place a system message, where the template takes none', () => {
    expect(summaryOf(strict)).toMatchObject({ system: 'none', endPiece: '<end_of_turn>' });
    expect(summaryOf(silent)).toMatchObject({ system: 'none', generationPrompt: 'always' });
  });

  it('is what words follow an answer, where no piece ends it', () => {
    const words = `{% for m in messages %}### {{ m.role | capitalize }}:\n{{ m.content }}\n\n{% endfor %}### Assistant:\n`;
    expect(summaryOf(words)).toMatchObject({ stopString: '### User:', generationPrompt: 'always' });
    expect(usable(words).stopStrings).toEqual(['### User:']);
    // A mark that the vocabulary has no piece for is words too.
    const unknown = words.replace('\n\n{%', '<|end_of_it|>\n{%');
    expect(summaryOf(unknown)).toMatchObject({ stopString: '<|end_of_it|>' });
  });

  it('is that an answer begins inside a thought', () => {
    const opens = `{% for m in messages %}{{ m.content }}</s>{% endfor %}<think>\n`;
    expect(summaryOf(opens)).toMatchObject({ opensThought: true });
  });

  it.each<[string, string, object | undefined]>([
    [
      'Qwen 3',
      '{% if enable_thinking is defined and enable_thinking is false %}<think>\n\n</think>\n\n{% endif %}',
      { variable: 'enable_thinking', on: true, off: false, isOnByDefault: true },
    ],
    [
      'Baichuan-M2',
      "{% if thinking_mode is defined and thinking_mode == 'on' %}<think>\n{% endif %}",
      { variable: 'thinking_mode', on: 'on', off: 'off', isOnByDefault: false },
    ],
    ['DeepSeek 3.1', '{% if thinking %}<think>{% endif %}', { variable: 'thinking', isOnByDefault: false }],
    ['one that changes nothing', '{% if enable_thinking %}{% endif %}', undefined],
    ['one without', '', undefined],
  ])('is how thinking is switched, of %s', (_, end, expected) => {
    const { thinking } = summaryOf(`{% for m in messages %}{{ m.content }}</s>{% endfor %}${end}`);
    if (expected) expect(thinking).toMatchObject(expected);
    else expect(thinking).toBeUndefined();
  });

  it('is whether thoughts of earlier answers are read again, and they are left out unless they are', () => {
    const turns = [user('A'), assistant('<think>\nFever.\n</think>\n\nB'), user('C')];
    const knowing = "{% if '</think>' in '' %}{% endif %}";
    const all = '{% for m in messages %}[{{ m.content }}]{% endfor %}';
    expect(summaryOf(`${knowing}${all}`).keepsThoughts).toBe(true);
    expect(ask(`${knowing}${all}`, turns).text).toBe('[A][<think>\nFever.\n</think>\n\nB][C]');
    expect(summaryOf(all)).not.toHaveProperty('keepsThoughts');
    expect(ask(all, turns).text).toBe('[A][B][C]');
    const headings = [user('A'), assistant('## Thinking\n\nFever.\n\n## Final Response\n\nB'), user('C')];
    expect(ask(all, headings).text).toBe('[A][B][C]');
    // A mark that somebody else wrote is text.
    expect(ask(all, [user('<think>A</think>')]).text).toBe('[<think>A</think>]');
    expect(summaryOf(own['own-think']!.template)).not.toHaveProperty('keepsThoughts');
  });

  it.each([
    ['{% for %}', 'broken'],
    ['{{ raise_exception("Never") }}', 'always refusing'],
    ['{{ messages[0].nothing.at.all }}', 'failing'],
    ['{% for i in range(10 ** 9) %}x{% endfor %}', 'endless'],
    ['No question in it', 'without the question'],
  ])('of %s is a fault: it is %s', source => {
    const { template, summary } = open(source);
    expect(template).toBeInstanceOf(BedsideError);
    expect(summary.fault).toMatchObject({ code: 'unusable-template', advice: expect.stringMatching(/.../) });
  });
});

it('the start piece is there once, whoever writes it', () => {
  const start = tokenizer.bosId!;
  for (const source of [own['own-chatml']!.template, own['own-alpaca']!.template, strict]) {
    const template = usable(source);
    const parts = renderPrompt(template, { messages: [user('Q')], includeHistory: true });
    const ids = tokenizer.encodeParts(parts, { addBos: addsBos(template, tokenizer) });
    expect(ids.filter(id => id === start)).toEqual([start]);
    expect(ids[0]).toBe(start);
  }
});
