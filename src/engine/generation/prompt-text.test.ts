import { beforeAll, describe, expect, it } from 'vitest';
import { loadNanoVocabulary } from '../../../test/support/vocabularies.ts';
import { readFileTemplate } from '../loading/read-file-template.ts';
import { createTokenizer, type Tokenizer } from '../tokenizer/tokenizer.ts';
import type { ChatMessage } from '../types/chat-message.ts';
import type { ImageView } from '../types/image-views.ts';
import { greedySampling } from '../types/sampling.ts';
import type { AnswerRequest } from './answer-request.ts';
import { type PromptModel, promptText } from './prompt-text.ts';
import { measureQuestion } from './question-tokens.ts';

/** Wants turns to alternate, and takes no system message. */
const source = `{{ bos_token }}{% for m in messages %}
{%- if (m.role == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Turns must alternate') }}{% endif %}
{{- m.role ~ ':' ~ m.content ~ eos_token }}{% endfor %}{% if add_generation_prompt %}assistant:{% endif %}`;

let tokenizer: Tokenizer;
beforeAll(async () => {
  tokenizer = createTokenizer(await loadNanoVocabulary());
});

const modelWith = (template: string | undefined, contextTokens = 512) => {
  const metadata = new Map(template === undefined ? [] : [['tokenizer.chat_template', template]]);
  return {
    tokenizer,
    contextTokens,
    config: { name: 'nano' },
    fileTemplate: readFileTemplate(metadata, tokenizer),
    vision: undefined,
  } as unknown as PromptModel;
};

const user = (text: string, images?: string[]): ChatMessage => ({
  role: 'user',
  text,
  ...(images && { images }),
});
const assistant = (text: string): ChatMessage => ({ role: 'assistant', text });
const requestFor = (messages: ChatMessage[], more: Partial<AnswerRequest> = {}): AnswerRequest => ({
  template: 'file',
  includeHistory: true,
  messages,
  sampling: greedySampling,
  maxTokens: 16,
  ...more,
});

describe('the prompt that is shown', () => {
  it('is the one of the file, with whose words they are and how long it is', () => {
    const shown = promptText(modelWith(source), requestFor([user('A </s> b?')]));
    expect(shown).toEqual({
      text: '<s>user:A </s> b?</s>assistant:',
      parts: [
        { text: '<s>user:', special: true },
        { text: 'A </s> b?', special: false },
        { text: '</s>assistant:', special: true },
      ],
      ids: tokenizer.encodeParts(shown.parts),
      contextTokens: 512,
      droppedMessages: 0,
      mendings: [],
    });
  });

  it('begins with the start piece also where that is not of the template', () => {
    const shown = promptText(modelWith(undefined), requestFor([user('A')], { template: 'chatml' }));
    expect(shown.parts[0]).toEqual({ text: '<s>', special: true });
    expect(tokenizer.encodeParts(shown.parts)).toEqual(shown.ids);
  });

  it('says how the conversation was changed for it, and what was left out', () => {
    const long = 'the patient has a fever. '.repeat(20);
    const messages = [user(long), assistant(long), user('A'), user('B')];
    const shown = promptText(modelWith(source, 120), requestFor(messages, { system: 'S' }));
    expect(shown.text).toBe('<s>user:S\n\nA\n\nB</s>assistant:');
    expect(shown).toMatchObject({
      droppedMessages: 2,
      mendings: ['system-into-question', 'questions-joined'],
    });
  });

  it('has images as their visual tokens', () => {
    const views = [{ tokens: 3, columns: 1, rows: 1 }] as unknown as ImageView[];
    const model = { ...modelWith(undefined), vision: {} } as PromptModel;
    const asked = requestFor([user('What is it?', ['a'])], { template: 'internvl2-chat' });
    const { text } = promptText(model, asked, { views: () => views });
    expect(text.match(/<img>(<IMG_CONTEXT>)*<\/img>\nWhat is it\?/)).not.toBeNull();
    expect(() => promptText(model, { ...asked, template: 'chatml' }, { views: () => views })).toThrow(
      expect.objectContaining({ reason: 'template-without-images' }),
    );
  });

  it('is refused in words where the file brings no template, or one that cannot be used', () => {
    const asked = requestFor([user('A')]);
    expect(() => promptText(modelWith(undefined), asked)).toThrow(
      expect.objectContaining({ code: 'invalid-request', reason: 'file-without-template' }),
    );
    const broken = modelWith('{% for %}');
    expect(() => promptText(broken, asked)).toThrow(expect.objectContaining({ code: 'unusable-template' }));
    expect(promptText(broken, { ...asked, template: 'raw' }).text).toBe('<s>A');
  });
});

it('a question is measured with the words of its file', () => {
  const { tokens } = measureQuestion(modelWith(source), { template: 'file', text: 'A' });
  expect(tokens).toBe(promptText(modelWith(source), requestFor([user('A')])).ids.length);
});
