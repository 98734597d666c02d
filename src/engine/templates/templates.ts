import { BedsideError } from '../errors.ts';
import { sentence } from '../sentence.ts';
import type { ChatMessage } from '../types/chat-message.ts';
import type { Conversation, PromptPart } from './conversation.ts';

export type TemplateId = 'pmc-llama' | 'internlm2-chat' | 'internvl2-chat' | 'raw';

export interface TemplateSpec {
  /** The prompt begins with the vocabulary's start piece. */
  addBos: boolean;
  /** Texts before which an answer is cut: the model has begun to write the next turn. */
  stopStrings: readonly string[];
  /** Pieces, by their text, that end an answer besides the vocabulary's own; absent ones do not matter. */
  stopPieces: readonly string[];
}

const specs: Record<TemplateId, TemplateSpec> = {
  'pmc-llama': {
    addBos: true,
    stopStrings: ['### Instruction:', '### Input:', '###Question:'],
    stopPieces: ['</s>'],
  },
  'internlm2-chat': { addBos: true, stopStrings: [], stopPieces: ['<|im_end|>', '<|im_start|>', '</s>'] },
  'internvl2-chat': { addBos: true, stopStrings: [], stopPieces: ['<|im_end|>', '<|im_start|>', '</s>'] },
  raw: { addBos: true, stopStrings: [], stopPieces: [] },
};

/** The system message that InternVL2 and Mini-Monkey were trained with; its commas are as they are there. */
export const internVlSystem =
  '你是由上海人工智能实验室联合商汤科技开发的书生多模态大模型，英文名叫InternVL, 是一个有用无害的人工智能助手。';

/** One visual token: its embedding is overwritten with a row of an image's features. */
export const imageContextPiece = '<IMG_CONTEXT>';

export function templateSpec(id: TemplateId): TemplateSpec {
  return specs[id];
}

/**
 * The prompt of a conversation, without the start piece. What people and the model wrote is never `special`, so
 * role markers in it stay text. Throws `invalid-request` when the last message is not the user's.
 *
 * - `pmc-llama` knows one instruction and one input, no turns. Bedside's convention: the question is the
 *   instruction; earlier turns, when included, are the input (see `formatEarlierTurns`); `system` is a line before
 *   the question.
 * - `internlm2-chat` is InternLM2's text-only form, with a newline after each `<|im_end|>`.
 * - `internvl2-chat` is InternVL2's and Mini-Monkey's: no newline after `<|im_end|>`, a system message always, and a
 *   message's images before its text.
 * - `raw` is the last user text and nothing else.
 */
export function renderPrompt(template: TemplateId, conversation: Conversation): PromptPart[] {
  const { messages, system, includeHistory } = conversation;
  const question = messages.at(-1);
  if (question?.role !== 'user') {
    throw new BedsideError(
      'invalid-request',
      sentence`no-question: There is no question to answer.`,
      'Write a question and send it.',
    );
  }
  const earlier = includeHistory ? messages.slice(0, -1) : [];
  switch (template) {
    case 'pmc-llama':
      return renderInstruction(
        system ? `${system}\n${question.text}` : question.text,
        earlier.length > 0 ? formatEarlierTurns(earlier) : undefined,
      );
    case 'internlm2-chat':
      return renderInternLm2([...earlier, question], system);
    case 'internvl2-chat':
      return renderInternVl2([...earlier, question], system ?? internVlSystem, conversation.imageTokens);
    case 'raw':
      return [{ text: question.text, special: false }];
  }
}

/** PMC-LLaMA's two training prompts, to the byte (chaoyi-wu/PMC-LLaMA, SFT/train.py): nothing follows the colon. */
export function renderInstruction(instruction: string, input?: string): PromptPart[] {
  if (input === undefined) {
    return [
      markup(
        'Below is an instruction that describes a task. ' +
          'Write a response that appropriately completes the request.\n\n### Instruction:\n',
      ),
      plain(instruction),
      markup('\n\n### Response:'),
    ];
  }
  return [
    markup(
      'Below is an instruction that describes a task, paired with an input that provides further context. ' +
        'Write a response that appropriately completes the request.\n\n### Instruction:\n',
    ),
    plain(instruction),
    markup('\n\n### Input:\n'),
    plain(input),
    markup('\n\n### Response:'),
  ];
}

/**
 * Bedside's own convention for a model that was trained on single turns: one line of introduction, then
 * `Question: ...` and `Answer: ...` lines, oldest first. An unanswered question has no answer line.
 */
function formatEarlierTurns(messages: readonly ChatMessage[]): string {
  const lines = messages.map(({ role, text }) => `${role === 'user' ? 'Question' : 'Answer'}: ${text}`);
  return ['Earlier in this conversation:', ...lines].join('\n');
}

function renderInternLm2(messages: readonly ChatMessage[], system: string | undefined): PromptPart[] {
  const turns = messages.flatMap(({ role, text }) => [
    markup(`<|im_start|>${role}\n`),
    plain(text),
    markup('<|im_end|>\n'),
  ]);
  const opening = system ? [markup('<|im_start|>system\n'), plain(system), markup('<|im_end|>\n')] : [];
  return [...opening, ...turns, markup('<|im_start|>assistant\n')];
}

function renderInternVl2(
  messages: readonly ChatMessage[],
  system: string,
  imageTokens: Conversation['imageTokens'],
): PromptPart[] {
  const turns = messages.flatMap(({ role, text, images = [] }) => [
    markup(`<|im_start|>${role}\n`),
    ...images.flatMap((id, i) => [
      // Several are numbered, as InternVL2's card does.
      ...(images.length > 1 ? [markup(`Image-${i + 1}: `)] : []),
      markup(`<img>${imageContextPiece.repeat(imageTokens?.(id) ?? 0)}</img>\n`),
    ]),
    plain(text),
    markup('<|im_end|>'),
  ]);
  return [
    markup('<|im_start|>system\n'),
    plain(system),
    markup('<|im_end|>'),
    ...turns,
    markup('<|im_start|>assistant\n'),
  ];
}

function markup(text: string): PromptPart {
  return { text, special: true };
}

function plain(text: string): PromptPart {
  return { text, special: false };
}
