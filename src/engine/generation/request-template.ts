import { BedsideError } from '../errors.ts';
import type { LanguageModel } from '../models/language-model.ts';
import { sentence } from '../sentence.ts';
import type { Template } from '../templates/template.ts';
import type { TemplateChoice } from '../templates/template-ids.ts';
import { templateOf } from '../templates/templates.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';

/**
 * The template that a request names.
 * @throws `invalid-request` where the model's file brings none, `unusable-template` where that one cannot be used
 */
export function templateFor(model: Pick<LanguageModel, 'fileTemplate'>, choice: TemplateChoice): Template {
  if (choice !== 'file') return templateOf(choice);
  if (!model.fileTemplate) {
    throw new BedsideError(
      'invalid-request',
      sentence`file-without-template: This model's file brings no chat template.`,
      'Choose one of the templates that Bedside has, by what the publisher of the model says.',
    );
  }
  const { template } = model.fileTemplate;
  if (template instanceof BedsideError) throw template;
  return template;
}

/** Tokens that end an answer. */
export function stopIdsFor(tokenizer: Tokenizer, { stopPieces }: Template): Set<number> {
  const ids = stopPieces.map(piece => tokenizer.idOf(piece)).filter(id => id !== undefined);
  return new Set([...tokenizer.eosIds, ...ids]);
}
