import { familyOf } from '../families/families.ts';
import type { LanguageModel } from '../models/language-model.ts';
import type { TemplateChoice } from '../templates/template-ids.ts';
import { chooseTemplate } from '../templates/templates.ts';

/** How a model is asked where nobody says. */
export function defaultTemplate(
  model: Pick<LanguageModel, 'config' | 'tokenizer'> &
    Partial<Pick<LanguageModel, 'fileTemplate' | 'vision'>>,
): TemplateChoice {
  const { config, tokenizer, fileTemplate, vision } = model;
  return chooseTemplate(familyOf(config.architecture).template, {
    name: config.name,
    hasPiece: piece => tokenizer.idOf(piece) !== undefined,
    hasOwnTemplate: fileTemplate !== undefined,
    seesImages: vision !== undefined,
  });
}
