import { markup, plain, type Template } from './template.ts';

/** OpenAI's Chat Markup Language, as OpenHermes, Qwen and others are trained with it; no system message by itself. */
export const chatMl: Template = {
  bos: 'by-vocabulary',
  // As texts too: some vocabularies have no pieces for them.
  stopStrings: ['<|im_end|>', '<|im_start|>'],
  stopPieces: ['<|im_end|>', '<|im_start|>'],
  render({ question, earlier, system }) {
    const turn = (role: string, text: string) => [
      markup(`<|im_start|>${role}\n`),
      plain(text),
      markup('<|im_end|>\n'),
    ];
    return [
      ...(system ? turn('system', system) : []),
      ...[...earlier, question].flatMap(({ role, text }) => turn(role, text)),
      markup('<|im_start|>assistant\n'),
    ];
  },
};
