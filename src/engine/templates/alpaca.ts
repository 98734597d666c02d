import { markup, plain, type Template } from './template.ts';

/**
 * Stanford Alpaca's form (tatsu-lab/stanford_alpaca, train.py), with turns after one another as llama.cpp writes them. Its turns are
 * marked by words, which somebody may type.
 */
export const alpaca: Template = {
  bos: 'by-vocabulary',
  stopStrings: ['### Instruction:', '### Input:', '### Response:'],
  stopPieces: ['</s>'],
  system:
    'Below is an instruction that describes a task. Write a response that appropriately completes the request.',
  render({ question, earlier, system }) {
    const turns = [...earlier, question].flatMap(({ role, text }) => [
      markup(role === 'user' ? '### Instruction:\n' : '### Response:\n'),
      plain(text),
      markup('\n\n'),
    ]);
    return [...(system ? [plain(system), markup('\n\n')] : []), ...turns, markup('### Response:\n')];
  },
};
