import type { ChatMessage } from '../types/chat-message.ts';
import type { PromptPart } from './conversation.ts';
import { markup, plain, type Template } from './template.ts';

/**
 * Knows one instruction and one input, no turns. Bedside's convention: the question is the instruction; earlier turns, when
 * included, are the input (see `formatEarlierTurns`); the system message is a line before the question.
 */
export const pmcLlama: Template = {
  bos: 'always',
  stopStrings: ['### Instruction:', '### Input:', '###Question:'],
  stopPieces: ['</s>'],
  // Stanford Alpaca's training, whose prompts PMC-LLaMA took over, adds this piece; base models have none.
  addedPiece: '[PAD]',
  modelNames: /pmc[-_ ]?llama|bedside nano chat/i,
  render: ({ question, earlier, system }) =>
    renderInstruction(
      system ? `${system}\n${question.text}` : question.text,
      earlier.length > 0 ? formatEarlierTurns(earlier) : undefined,
    ),
};

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
