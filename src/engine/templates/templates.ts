import { internLm2Chat } from './internlm2-chat.ts';
import { internVl2Chat } from './internvl2-chat.ts';
import { pmcLlama } from './pmc-llama.ts';
import { raw } from './raw.ts';
import type { Template } from './template.ts';
import { type TemplateId, templateIds } from './template-ids.ts';

/** Pinned here, never executed from a file. */
const templates: Readonly<Record<TemplateId, Template>> = {
  'pmc-llama': pmcLlama,
  'internlm2-chat': internLm2Chat,
  'internvl2-chat': internVl2Chat,
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
