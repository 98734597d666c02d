import { internLm2Chat } from './internlm2-chat.ts';
import { internVl2Chat } from './internvl2-chat.ts';
import { pmcLlama } from './pmc-llama.ts';
import { raw } from './raw.ts';
import type { Template } from './template.ts';

const all = [pmcLlama, internLm2Chat, internVl2Chat, raw] as const;

export type TemplateId = (typeof all)[number]['id'];

/** Every template that there is; pinned here, never executed from a file. */
export const templates: readonly (Template & { readonly id: TemplateId })[] = all;

export const templateIds: readonly TemplateId[] = templates.map(({ id }) => id);

export function templateOf(id: TemplateId): Template {
  return templates.find(template => template.id === id)!;
}

/** The form of a template that has places for images, where there is one; else the template itself. */
export function formWithImages(id: TemplateId): TemplateId {
  return templates.find(({ images }) => images?.textForm === id)?.id ?? id;
}

/** What training with a template left in a vocabulary; `raw` without a sign of any. The later of several counts. */
export function guessTemplate(addedPieces: readonly string[]): TemplateId {
  const known = templates.findLast(
    ({ addedPiece }) => addedPiece !== undefined && addedPieces.includes(addedPiece),
  );
  return known?.id ?? raw.id;
}
