import { markup, plain, type Template } from './template.ts';

/**
 * Llama 2's (meta-llama/llama, generation.py): an answer ends with `</s>`, each question but the first opens with `<s>`, the system
 * message stands in the first question. Its marks of instructions are words, which somebody may type.
 */
export const llama2: Template = {
  bos: 'by-vocabulary',
  stopStrings: ['[INST]'],
  stopPieces: ['</s>'],
  render({ question, earlier, system }) {
    const turns = [...earlier, question];
    const first = turns.findIndex(({ role }) => role === 'user');
    return turns.flatMap(({ role, text }, i) =>
      role === 'assistant'
        ? [markup(' '), plain(text), markup(' </s>')]
        : [
            markup(i === 0 ? '[INST] ' : '<s>[INST] '),
            ...(system && i === first ? [markup('<<SYS>>\n'), plain(system), markup('\n<</SYS>>\n\n')] : []),
            plain(text),
            markup(' [/INST]'),
          ],
    );
  },
};
