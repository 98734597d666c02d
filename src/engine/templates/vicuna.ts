import { markup, plain, type Template } from './template.ts';

/**
 * Vicuna's form of version 1.1 (lm-sys/FastChat, conversation.py). Its turns are marked by words, which somebody may type; an
 * answer ends with `</s>`.
 */
export const vicuna: Template = {
  bos: 'by-vocabulary',
  stopStrings: ['USER:'],
  stopPieces: ['</s>'],
  system:
    'A chat between a curious user and an artificial intelligence assistant. ' +
    "The assistant gives helpful, detailed, and polite answers to the user's questions.",
  render({ question, earlier, system }) {
    const turns = [...earlier, question].flatMap(({ role, text }) =>
      role === 'user'
        ? [markup('USER: '), plain(text), markup(' ')]
        : [markup('ASSISTANT: '), plain(text), markup('</s>')],
    );
    return [...(system ? [plain(system), markup(' ')] : []), ...turns, markup('ASSISTANT:')];
  },
};
