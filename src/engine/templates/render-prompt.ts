import { BedsideError } from '../errors.ts';
import { sentence } from '../sentence.ts';
import type { Conversation, PromptPart } from './conversation.ts';
import type { TemplateId } from './template-ids.ts';
import { templateOf } from './templates.ts';

/**
 * The prompt of a conversation, without the start piece. What people and the model wrote is never `special`, so
 * role markers in it stay text. Throws `invalid-request` when the last message is not the user's.
 */
export function renderPrompt(
  id: TemplateId,
  { messages, system, includeHistory, imageTokens }: Conversation,
): PromptPart[] {
  const question = messages.at(-1);
  if (question?.role !== 'user') {
    throw new BedsideError(
      'invalid-request',
      sentence`no-question: There is no question to answer.`,
      'Write a question and send it.',
    );
  }
  const template = templateOf(id);
  const earlier = includeHistory ? messages.slice(0, -1) : [];
  return template.render({ question, earlier, system: system ?? template.system ?? '', imageTokens });
}

/** What is asked for, or what the model was trained with, where that is not what the template does by itself. */
export function systemFor(id: TemplateId, modelName: string, system: string | undefined): string | undefined {
  return system ?? templateOf(id).systemByModel?.[modelName];
}
