import {
  type Mending,
  type TemplateChoice,
  type TemplateSummary,
  templateNames,
} from '../../client/index.ts';
import { formatCount } from './quantities.ts';

/** What prompts of the templates look like that are offered to a file without one: by it, who knows the model knows its own. */
export const templateLooks: Readonly<Record<string, string>> = {
  chatml: 'Each turn stands between <|im_start|> and <|im_end|>. Most chat models of the last years.',
  alpaca:
    '“### Instruction:” stands above a question and “### Response:” above its answer. Instruction models of 2023.',
  vicuna:
    '“USER:” stands before a question and “ASSISTANT:” before its answer. Conversational fine-tunes of LLaMA.',
  'llama-2':
    'A question stands between [INST] and [/INST]. Llama 2 Chat, Mistral Instruct and what was made from them.',
  raw: 'Nothing is added: the model goes on with the text. For models that were never tuned to answer.',
};

/** What the template in a file is, in a sentence. */
export function templateInWords({ kind, characters, opensThought }: TemplateSummary): string {
  const form = kind === null ? 'a form of its own' : `the form known as ${kind}`;
  const thought = opensThought ? ' Each answer begins with what the model says to itself.' : '';
  return `The file brings its template: ${form}, ${formatCount(characters)} characters.${thought}`;
}

/** How a model is asked of which that is known. */
export function fixedInWords(template: TemplateChoice | null, own: TemplateSummary | null): string {
  if (template === null) return 'Nobody knows how it is asked.';
  if (template === 'file' && own) return templateInWords(own);
  return `${templateNames[template]}: the form that it was trained with. It is part of Bedside, and the same whatever the file says.`;
}

/** What becomes of a system message. */
export function systemPlaceInWords({ system }: Pick<TemplateSummary, 'system'>): string {
  switch (system) {
    case 'own':
      return 'It stands before the conversation, in a place of its own.';
    case 'folded':
      return 'The template writes it into the first question.';
    case 'none':
      return 'The template of this model takes no system message: what you write here is put before the first question.';
  }
}

/** How a conversation was changed so that a template takes it. */
export const mendingInWords: Readonly<Record<Mending, string>> = {
  'system-into-question': 'This template takes no system message: it stands before the first question.',
  'questions-joined': 'This template takes one question at a time: those that follow one another are one.',
  'answers-joined': 'This template takes one answer at a time: those that follow one another are one.',
};
