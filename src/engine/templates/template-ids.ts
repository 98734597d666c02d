/**
 * Every prompt template that there is: the one list, from which the catalogue, the command line and types read. Apart from what
 * the templates are, because the page needs no more of them; templates.ts has an entry for each or does not type-check.
 */
export const templateIds = ['pmc-llama', 'internlm2-chat', 'internvl2-chat', 'raw'] as const;

export type TemplateId = (typeof templateIds)[number];

/** How a model is asked: by one of these, or by the template that its file brings (`tokenizer.chat_template`). */
export type TemplateChoice = TemplateId | 'file';
