import { beforeAll, describe, expect, it } from 'vitest';
import { countTextWork } from '../../../test/support/text-work.ts';
import { loadNanoVocabulary } from '../../../test/support/vocabularies.ts';
import { readFileTemplate } from '../loading/read-file-template.ts';
import type { LanguageModel } from '../models/language-model.ts';
import { renderPrompt } from '../templates/render-prompt.ts';
import type { TemplateId } from '../templates/template-ids.ts';
import { templateOf } from '../templates/templates.ts';
import { createTokenizer, type Tokenizer } from '../tokenizer/tokenizer.ts';
import type { ChatMessage } from '../types/chat-message.ts';
import { greedySampling } from '../types/sampling.ts';
import type { AnswerRequest } from './answer-request.ts';
import { fitMessages } from './fit-messages.ts';

let tokenizer: Tokenizer;
beforeAll(async () => {
  tokenizer = createTokenizer(await loadNanoVocabulary());
});

/** So many messages, the last a question; no two are alike, or equal long. */
function conversation(count: number): ChatMessage[] {
  const start = count % 2 === 1 ? 0 : 1;
  return Array.from({ length: count }, (_, i) => ({
    role: (i + start) % 2 === 0 ? 'user' : 'assistant',
    text: `Message ${i}: ${'the patient has a fever. '.repeat(1 + ((i * 7) % 5))}`,
  }));
}

const fitIn = (messages: ChatMessage[], template: TemplateId, contextTokens: number, maxTokens = 64) => {
  const request: AnswerRequest = {
    template,
    includeHistory: true,
    messages,
    sampling: greedySampling,
    maxTokens,
  };
  return fitMessages({ contextTokens, tokenizer } as LanguageModel, request, () => undefined);
};

/** The definition: drop what comes before the next question until the rest leaves room. */
function fitBySearch(messages: ChatMessage[], template: TemplateId, contextTokens: number, maxTokens = 64) {
  const reserve = Math.min(maxTokens, Math.ceil(contextTokens / 4));
  for (let dropped = 0; ; ) {
    const kept = messages.slice(dropped);
    const parts = renderPrompt(templateOf(template), {
      messages: kept,
      includeHistory: true,
      imageTokens: () => 0,
    });
    const room = contextTokens - tokenizer.encodeParts(parts, { addBos: true }).length;
    if (room >= reserve) return dropped;
    const [, next] = [...messages.keys()].filter(i => i >= dropped && messages[i]!.role === 'user');
    if (next === undefined) return room >= 1 ? dropped : undefined;
    dropped = next;
  }
}

describe.each(['pmc-llama', 'internlm2-chat', 'internvl2-chat'] as const)(
  'turns that fit, by %s',
  template => {
    it('are as many as dropping one after another would leave', () => {
      for (const count of [1, 2, 3, 4, 9, 20, 33]) {
        const messages = conversation(count);
        for (const contextTokens of [120, 200, 333, 700, 2000, 100_000]) {
          const wanted = fitBySearch(messages, template, contextTokens);
          if (wanted === undefined) {
            expect(() => fitIn(messages, template, contextTokens)).toThrow(
              expect.objectContaining({ code: 'context-full' }),
            );
          } else {
            const fitted = fitIn(messages, template, contextTokens);
            expect([count, contextTokens, fitted.droppedMessages]).toEqual([count, contextTokens, wanted]);
            expect(fitted.messages).toEqual(messages.slice(wanted));
          }
        }
      }
    });

    it.each([600, 1_000_000])(
      'cost work that grows no faster than the conversation, in a context of %i',
      contextTokens => {
        const work = (count: number) =>
          countTextWork(() => void fitIn(conversation(count), template, contextTokens)).lookups;
        // Merging a text as one costs some lookups more than in parts; a step too many for each turn would be fourfold.
        expect(work(201)).toBeLessThanOrEqual(2.3 * work(101));
      },
    );
  },
);

describe('turns that fit, by a template of a file that wants them to alternate', () => {
  const source = `{% for m in messages %}
{%- if (m.role == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Turns must alternate') }}{% endif %}
{{- m.role ~ ':' ~ m.content ~ eos_token }}{% endfor %}`;
  /** Every third question has got no answer. */
  const withGaps = (count: number) => conversation(count).filter((_, i) => i % 6 !== 1);
  const keptOf = (messages: ChatMessage[], contextTokens: number) => {
    const fileTemplate = readFileTemplate(new Map([['tokenizer.chat_template', source]]), tokenizer);
    const model = { contextTokens, tokenizer, fileTemplate };
    const request: AnswerRequest = {
      template: 'file',
      includeHistory: true,
      messages,
      sampling: greedySampling,
      maxTokens: 16,
    };
    return fitMessages(model, request, () => undefined);
  };

  it('begin with a question, wherever they are cut', () => {
    const messages = withGaps(31);
    const kept = [100, 150, 200, 300, 400, 600, 1000, 100_000].map(
      context => keptOf(messages, context).messages,
    );
    for (const messages of kept) expect(messages[0]!.role).toBe('user');
    const lengths = kept.map(({ length }) => length);
    expect(lengths).toEqual([...lengths].sort((a, b) => a - b));
    expect(lengths[0]).toBeLessThan(4);
    expect(lengths.at(-1)).toBe(messages.length);
  });

  it('are found for a conversation that is longer than any template may write', () => {
    const text = 'the patient has a fever. '.repeat(40);
    const long = conversation(4001).map(message => ({ ...message, text }));
    expect(keptOf(long, 600).messages.length).toBe(1);
  });

  it('cost work that grows no faster than the conversation', () => {
    const work = (count: number) => countTextWork(() => void keptOf(withGaps(count), 600)).lookups;
    expect(work(201)).toBeLessThanOrEqual(2.3 * work(101));
  });
});

it('a text between special pieces is tokenised once, however often the conversation is', () => {
  const tokenised = new Map<string, number[]>();
  const text = { text: 'the patient', special: false };
  const twice = [text, { text: '</s>', special: true }, text];
  const plain = tokenizer.encodeParts(twice);
  const { lookups } = countTextWork(() => tokenizer.encodeParts(twice, { tokenised }));
  expect(tokenizer.encodeParts(twice, { tokenised })).toEqual(plain);
  expect(tokenised.size).toBe(1);
  const again = countTextWork(() => tokenizer.encodeParts(twice, { tokenised })).lookups;
  expect(again).toBeLessThan(lookups / 2);
  // With a space before it, it is another text.
  expect(tokenizer.encodeParts([{ text: ' the patient', special: false }], { tokenised })).toEqual(
    tokenizer.encodeParts([{ text: ' the patient', special: false }]),
  );
});
