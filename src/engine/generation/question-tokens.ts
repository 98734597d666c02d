import type { LanguageModel } from '../models/language-model.ts';
import { renderPrompt, systemFor } from '../templates/render-prompt.ts';
import { addsBos } from '../templates/template.ts';
import type { QuestionMeasure } from '../types/answer.ts';
import type { QuestionText } from './answer-request.ts';
import { templateFor } from './request-template.ts';

/** Characters that are counted one by one; of a longer text the rest is taken to be like them. */
const mostCounted = 32_768;

type Counting = Pick<LanguageModel, 'tokenizer' | 'contextTokens' | 'config' | 'fileTemplate'>;

/**
 * Tokens that a question alone takes, with the template's words around it and without images. Earlier turns can be left
 * out of a prompt, the question cannot: what is over the limit here is refused when it is asked.
 */
export function measureQuestion(model: Counting, question: QuestionText): QuestionMeasure {
  const { system, text, date } = question;
  const template = templateFor(model, question.template);
  const counted = text.length > mostCounted ? text.slice(0, mostCounted) : text;
  const parts = renderPrompt(template, {
    messages: [{ role: 'user', text: counted }],
    system: systemFor(template, model.config.name, system),
    includeHistory: false,
    date,
    imageTokens: () => 0,
  });
  const { length } = model.tokenizer.encodeParts(parts, {
    addBos: addsBos(template, model.tokenizer),
  });
  const isExact = counted === text;
  const tokens = isExact ? length : Math.round((length * text.length) / counted.length);
  return { tokens, isExact, contextTokens: model.contextTokens };
}
