import type { LanguageModel } from '../models/language-model.ts';
import { mendingsOf, renderPrompt, systemFor } from '../templates/render-prompt.ts';
import { addsBos } from '../templates/template.ts';
import { countTokens } from '../types/image-views.ts';
import type { PromptText } from '../types/prompt-text.ts';
import type { AnswerRequest } from './answer-request.ts';
import { type ImageSource, noImages, requirePlaces, withImagesPlaced } from './compose-prompt.ts';
import { fitMessages } from './fit-messages.ts';
import { withStart } from './prompt.ts';
import { templateFor } from './request-template.ts';

export type PromptModel = Pick<
  LanguageModel,
  'tokenizer' | 'contextTokens' | 'config' | 'fileTemplate' | 'vision'
>;

/**
 * The exact prompt that `answer` would be given, as text; nothing is computed for it. Images stand as their visual tokens, all of
 * them: what compression leaves out is known only when the model has seen them.
 * @throws what `answer` refuses before it begins: `context-full`, `unusable-template`, `invalid-request`, `no-vision-model`
 */
export function promptText(
  model: PromptModel,
  asked: AnswerRequest,
  images: Pick<ImageSource, 'views'> = noImages,
): PromptText {
  const { tokenizer, contextTokens } = model;
  const template = templateFor(model, asked.template);
  requirePlaces(model, template, asked);
  const request = withImagesPlaced(template, asked);
  const system = systemFor(template, model.config.name, request.system);
  const date = request.date ?? Date.now();
  const viewsOf = (id: string) => images.views(id);
  const { messages, droppedMessages } = fitMessages(model, { ...request, system, date }, viewsOf);
  const conversation = {
    messages,
    system,
    date,
    includeHistory: true,
    options: request.templateOptions,
    imageTokens: (id: string) => countTokens(viewsOf(id)!),
  };
  const rendered = renderPrompt(template, conversation);
  const ids = tokenizer.encodeParts(rendered, { addBos: addsBos(template, tokenizer) });
  const parts = withStart(rendered, ids.length, tokenizer);
  return {
    text: parts.map(({ text }) => text).join(''),
    parts,
    ids,
    contextTokens,
    droppedMessages,
    mendings: mendingsOf(template, conversation),
  };
}
