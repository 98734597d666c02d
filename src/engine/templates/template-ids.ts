/**
 * Every prompt template that is pinned here: the one list, from which the catalogue, the command line and types read. Apart from
 * what the templates are, because the page needs no more of them; templates.ts has an entry for each or does not type-check.
 */
export const templateIds = [
  'pmc-llama',
  'internlm2-chat',
  'internvl2-chat',
  'chatml',
  'alpaca',
  'vicuna',
  'llama-2',
  'gemma-3',
  'raw',
] as const;

export type TemplateId = (typeof templateIds)[number];

/** How a model is asked: by one of these, or by the template that its file brings (`tokenizer.chat_template`). */
export type TemplateChoice = TemplateId | 'file';

export const templateChoices: readonly TemplateChoice[] = [...templateIds, 'file'];

/** What readers know them by. */
export const templateNames: Readonly<Record<TemplateChoice, string>> = {
  'pmc-llama': 'PMC-LLaMA',
  'internlm2-chat': 'InternLM2',
  'internvl2-chat': 'InternVL2',
  chatml: 'ChatML',
  alpaca: 'Alpaca',
  vicuna: 'Vicuna',
  'llama-2': 'Llama 2',
  'gemma-3': 'Gemma 3',
  raw: 'Plain text',
  file: 'The template in the file',
};

/** Those to choose from for a model whose file brings none: each is a form that models of many makers were trained with. */
export const templatesToOffer: readonly TemplateId[] = ['chatml', 'alpaca', 'vicuna', 'llama-2', 'raw'];
