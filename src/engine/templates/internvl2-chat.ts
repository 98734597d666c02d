import type { AskedRegion } from '../types/chat-message.ts';
import { type ImagePlaces, markup, plain, type Template } from './template.ts';

const images: ImagePlaces = {
  encoder: 'intern-vit',
  token: '<IMG_CONTEXT>',
  start: '<img>',
  end: '</img>',
  pieces: ['<|im_start|>', '<|im_end|>', '<img>', '</img>', '<IMG_CONTEXT>'],
  textForm: 'internlm2-chat',
};

/**
 * InternVL2's and Mini-Monkey's: no newline after `<|im_end|>`, a system message always, and a message's images before its
 * text.
 */
export const internVl2Chat: Template = {
  bos: 'always',
  stopStrings: [],
  stopPieces: ['<|im_end|>', '<|im_start|>', '</s>'],
  images,
  // Its commas are as they are there.
  system:
    '你是由上海人工智能实验室联合商汤科技开发的书生多模态大模型，英文名叫InternVL, 是一个有用无害的人工智能助手。',
  systemByModel: { 'Bedside nano VQA': 'You are Bedside, a demonstration model.' },
  render({ question, earlier, system, imageTokens }) {
    const turns = [...earlier, question].flatMap(({ role, text, images: ids = [], asksAbout = [] }) => [
      markup(`<|im_start|>${role}\n`),
      ...ids.flatMap((id, i) => [
        // Several are numbered, as InternVL2's card does.
        ...(ids.length > 1 ? [markup(`Image-${i + 1}: `)] : []),
        markup(`${images.start}${images.token.repeat(imageTokens?.(id) ?? 0)}${images.end}\n`),
      ]),
      ...asksAbout.map(region => markup(`${regionInWords(region, ids.length)}\n`)),
      plain(text),
      markup('<|im_end|>'),
    ]);
    return [
      markup('<|im_start|>system\n'),
      plain(system ?? ''),
      markup('<|im_end|>'),
      ...turns,
      markup('<|im_start|>assistant\n'),
    ];
  },
};

/** In the form in which InternVL2 was trained to hear of places: its pieces, where the vocabulary has them, are markup. */
function regionInWords({ image, box }: AskedRegion, images: number): string {
  const which = images > 1 ? `this region of Image-${image + 1}` : 'this region';
  return `The question is about <ref>${which}</ref><box>[[${box.join(', ')}]]</box>.`;
}
