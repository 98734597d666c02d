import { alpaca } from './alpaca.ts';
import { chatMl } from './chatml.ts';
import { gemma3 } from './gemma-3.ts';
import { internLm2Chat } from './internlm2-chat.ts';
import { internVl2Chat } from './internvl2-chat.ts';
import { llama2 } from './llama-2.ts';
import { pmcLlama } from './pmc-llama.ts';
import { raw } from './raw.ts';
import type { Template } from './template.ts';
import { type TemplateChoice, type TemplateId, templateIds } from './template-ids.ts';
import { vicuna } from './vicuna.ts';

/** Pinned here: they hold for models of whatever file. */
const templates: Readonly<Record<TemplateId, Template>> = {
  'pmc-llama': pmcLlama,
  'internlm2-chat': internLm2Chat,
  'internvl2-chat': internVl2Chat,
  chatml: chatMl,
  alpaca,
  vicuna,
  'llama-2': llama2,
  'gemma-3': gemma3,
  raw,
};

export function templateOf(id: TemplateId): Template {
  return templates[id];
}

export const templatesWithImages: readonly TemplateId[] = templateIds.filter(id => templates[id].images);

/** The form of a template that has places for images, where there is one; else the template itself. */
export function formWithImages(id: TemplateId): TemplateId {
  return templatesWithImages.find(other => templates[other].images?.textForm === id) ?? id;
}

/** What training with a template left in a vocabulary; `raw` without a sign of any. The later of several counts. */
export function guessTemplate(addedPieces: readonly string[]): TemplateId {
  const isTrainedWith = (id: TemplateId) => {
    const { addedPiece } = templates[id];
    return addedPiece !== undefined && addedPieces.includes(addedPiece);
  };
  return templateIds.findLast(isTrainedWith) ?? 'raw';
}

/**
 * How a model is asked where nobody says: with images in the form that has places for them, else by its file's own template, else by
 * the one that its family is trained with, if the model shows that it was; `raw` where nothing says how.
 * @param family the template of its architecture
 */
export function chooseTemplate(
  family: TemplateId,
  model: { name: string; hasPiece(piece: string): boolean; hasOwnTemplate: boolean; seesImages: boolean },
): TemplateChoice {
  if (model.seesImages && templates[formWithImages(family)].images) return formWithImages(family);
  if (model.hasOwnTemplate) return 'file';
  const { addedPiece, modelNames } = templates[family];
  const isTrained =
    (addedPiece !== undefined && model.hasPiece(addedPiece)) || modelNames?.test(model.name) === true;
  return isTrained ? family : 'raw';
}
