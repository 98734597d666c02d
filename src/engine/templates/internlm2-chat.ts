import { markup, plain, type Template } from './template.ts';

/** InternLM2's text-only form, with a newline after each `<|im_end|>`. */
export const internLm2Chat: Template = {
  bos: 'always',
  stopStrings: [],
  stopPieces: ['<|im_end|>', '<|im_start|>', '</s>'],
  addedPiece: '<|im_end|>',
  render({ question, earlier, system }) {
    const turns = [...earlier, question].flatMap(({ role, text }) => [
      markup(`<|im_start|>${role}\n`),
      plain(text),
      markup('<|im_end|>\n'),
    ]);
    const opening = system ? [markup('<|im_start|>system\n'), plain(system), markup('<|im_end|>\n')] : [];
    return [...opening, ...turns, markup('<|im_start|>assistant\n')];
  },
};
