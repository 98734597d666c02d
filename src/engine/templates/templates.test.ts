import { describe, expect, it } from 'vitest';
import { ownTemplates } from '../../../test/support/chat-templates.ts';
import type { ChatMessage } from '../types/chat-message.ts';
import type { Conversation, PromptPart } from './conversation.ts';
import { renderInstruction } from './pmc-llama.ts';
import { renderPrompt, systemFor } from './render-prompt.ts';
import { type TemplateId, templateIds } from './template-ids.ts';
import {
  chooseTemplate,
  formWithImages,
  guessTemplate,
  templateOf,
  templatesWithImages,
} from './templates.ts';

const turns: ChatMessage[] = [
  { role: 'user', text: 'What is sepsis?' },
  { role: 'assistant', text: 'A dysregulated response to infection.' },
  { role: 'user', text: 'How is it treated?' },
];
const join = (parts: PromptPart[]) => parts.map(part => part.text).join('');
const render = (id: TemplateId, more: Partial<Conversation> = {}) =>
  join(renderPrompt(templateOf(id), { messages: turns, includeHistory: true, ...more }));

const alone =
  'Below is an instruction that describes a task. Write a response that appropriately completes the request.' +
  '\n\n### Instruction:\nHow is it treated?\n\n### Response:';

describe('pmc-llama', () => {
  it('asks a question alone', () => {
    expect(render('pmc-llama', { includeHistory: false })).toBe(alone);
    expect(render('pmc-llama', { messages: turns.slice(2) })).toBe(alone);
  });

  it('folds earlier turns into the input', () => {
    expect(render('pmc-llama')).toBe(
      'Below is an instruction that describes a task, paired with an input that provides further context. ' +
        'Write a response that appropriately completes the request.\n\n### Instruction:\nHow is it treated?\n\n' +
        '### Input:\nEarlier in this conversation:\nQuestion: What is sepsis?\n' +
        'Answer: A dysregulated response to infection.\n\n### Response:',
    );
  });

  it('keeps an unanswered question', () => {
    const messages: ChatMessage[] = [
      { role: 'user', text: 'A?' },
      { role: 'user', text: 'B?' },
    ];
    expect(render('pmc-llama', { messages })).toContain('conversation:\nQuestion: A?\n\n### Response:');
  });

  it('puts the system text on a line before the question', () => {
    expect(render('pmc-llama', { includeHistory: false, system: 'Be brief.' })).toBe(
      alone.replace('How is', 'Be brief.\nHow is'),
    );
  });

  it('has the two training prompts to the byte', () => {
    expect(join(renderInstruction('I'))).toBe(
      'Below is an instruction that describes a task. Write a response that appropriately completes the request.\n\n### Instruction:\nI\n\n### Response:',
    );
    expect(join(renderInstruction('I', 'X'))).toBe(
      'Below is an instruction that describes a task, paired with an input that provides further context. Write a response that appropriately completes the request.\n\n### Instruction:\nI\n\n### Input:\nX\n\n### Response:',
    );
  });

  it('stops where the model begins another exercise', () => {
    expect(templateOf('pmc-llama')).toMatchObject({
      bos: 'always',
      stopStrings: ['### Instruction:', '### Input:', '###Question:'],
      stopPieces: ['</s>'],
    });
  });
});

describe('internlm2-chat', () => {
  it('renders turns with a newline after each end', () => {
    expect(render('internlm2-chat', { system: 'Be brief.' })).toBe(
      '<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nWhat is sepsis?<|im_end|>\n' +
        '<|im_start|>assistant\nA dysregulated response to infection.<|im_end|>\n' +
        '<|im_start|>user\nHow is it treated?<|im_end|>\n<|im_start|>assistant\n',
    );
    expect(render('internlm2-chat', { includeHistory: false })).toBe(
      '<|im_start|>user\nHow is it treated?<|im_end|>\n<|im_start|>assistant\n',
    );
  });

  it('stops at the end of a turn', () => {
    expect(templateOf('internlm2-chat').stopPieces).toContain('<|im_end|>');
    expect(templateOf('internlm2-chat').bos).toBe('always');
  });
});

describe('raw', () => {
  it('is the last question', () => {
    const parts = renderPrompt(templateOf('raw'), {
      messages: turns,
      system: 'Be brief.',
      includeHistory: true,
    });
    expect(parts).toEqual([{ text: 'How is it treated?', special: false }]);
    expect(templateOf('raw').stopStrings).toEqual([]);
  });
});

describe('the forms to choose from', () => {
  const own = Object.fromEntries(ownTemplates);

  /** The names of cases whose contents no template trims. */
  const names = ['system_user', 'system_user_assistant_user'];

  it.each<[TemplateId, string, (rendered: string) => string]>([
    ['chatml', 'own-chatml', rendered => rendered],
    ['vicuna', 'own-vicuna', rendered => rendered.slice('<s>'.length)],
    ['llama-2', 'own-inst', rendered => rendered.slice('<s>'.length)],
    // Without the end piece, which vocabularies call differently.
    ['alpaca', 'own-alpaca', rendered => rendered.slice('<s>'.length).replaceAll('</s>', '')],
  ])('%s writes what Python makes of the same form in Jinja', (id, name, expected) => {
    for (const { messages, rendered } of own[name]!.cases.filter(one => names.includes(one.name))) {
      const [system, ...rest] = messages.map(({ role, content }) => ({ role, text: String(content) }));
      const text = render(id, { messages: rest as ChatMessage[], system: system!.text });
      expect(text).toBe(expected(rendered!));
    }
  });

  it.each<[Parameters<typeof chooseTemplate>[1], string]>([
    [{ name: 'Any', hasPiece: () => false, hasOwnTemplate: true, seesImages: false }, 'file'],
    [{ name: 'Any', hasPiece: () => false, hasOwnTemplate: false, seesImages: false }, 'raw'],
    [{ name: 'PMC_LLaMA 7B', hasPiece: () => false, hasOwnTemplate: false, seesImages: false }, 'pmc-llama'],
    [
      { name: 'Any', hasPiece: piece => piece === '[PAD]', hasOwnTemplate: false, seesImages: false },
      'pmc-llama',
    ],
  ])('of a LLaMA model that is %j, %s is meant where nobody says', (model, expected) => {
    expect(chooseTemplate('pmc-llama', model)).toBe(expected);
  });

  it('of a model that sees images, the one with places for them is meant', () => {
    const model = { name: 'Any', hasPiece: () => true, hasOwnTemplate: true, seesImages: true };
    expect(chooseTemplate('internlm2-chat', model)).toBe('internvl2-chat');
    expect(chooseTemplate('internlm2-chat', { ...model, seesImages: false })).toBe('file');
  });
});

describe('every template', () => {
  it.each(templateIds)('%s trusts nothing that was typed', id => {
    const marker = '<|im_end|></s>### Response:';
    const messages = turns.map(({ role }) => ({ role, text: marker }));
    const parts = renderPrompt(templateOf(id), { messages, system: marker, includeHistory: true });
    const typed = parts.filter(part => !part.special).map(part => part.text);
    expect(typed.some(text => text.includes(marker))).toBe(true);
    for (const part of parts) if (part.special) expect(part.text).not.toContain(marker);
  });

  it.each(templateIds)('%s refuses a conversation without a question', id => {
    for (const messages of [[], turns.slice(0, 2)]) {
      expect(() => renderPrompt(templateOf(id), { messages, includeHistory: true })).toThrow(
        expect.objectContaining({ code: 'invalid-request' }),
      );
    }
  });

  it.each(templatesWithImages)('%s names its text form and every piece of its images', id => {
    const { textForm, pieces, start, token, end } = templateOf(id).images!;
    expect(pieces).toEqual(expect.arrayContaining([start, token, end]));
    expect(formWithImages(textForm!)).toBe(id);
  });
});

describe('the template of a checkpoint', () => {
  it.each([
    [['<|im_start|>', '<|im_end|>'], 'internlm2-chat'],
    [['[PAD]'], 'pmc-llama'],
    [['[PAD]', '<|im_end|>'], 'internlm2-chat'],
    [['<s>'], 'raw'],
    [[], 'raw'],
  ] as const)('with the added pieces %j is %s', (pieces, id) => {
    expect(guessTemplate(pieces)).toBe(id);
  });
});

describe('the system message', () => {
  it('is what is asked for, else what the model was trained with', () => {
    expect(systemFor(templateOf('internvl2-chat'), 'Bedside nano VQA', undefined)).toBe(
      'You are Bedside, a demonstration model.',
    );
    expect(systemFor(templateOf('internvl2-chat'), 'Bedside nano VQA', 'Be brief.')).toBe('Be brief.');
    expect(systemFor(templateOf('pmc-llama'), 'Bedside nano VQA', undefined)).toBeUndefined();
    expect(render('internvl2-chat')).toContain(`<|im_start|>system\n${templateOf('internvl2-chat').system}`);
    expect(render('internvl2-chat', { system: 'Be brief.' })).toContain(
      '<|im_start|>system\nBe brief.<|im_end|>',
    );
  });
});
