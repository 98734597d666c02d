import { BedsideError } from '../errors.ts';
import { sentence } from '../sentence.ts';
import type { ChatMessage } from '../types/chat-message.ts';
import type { Mending } from '../types/prompt-text.ts';
import type { Conversation, PromptPart } from './conversation.ts';
import type { Template, Turns } from './template.ts';
import { answerOf } from './thought.ts';

/**
 * The prompt of a conversation, without the start piece. What people and the model wrote is never `special`, so
 * role markers in it stay text. Throws `invalid-request` when the last message is not the user's, `unusable-template` where a
 * model's own template does not take the conversation.
 */
export function renderPrompt(template: Template, conversation: Conversation): PromptPart[] {
  return template.render(turnsOf(template, conversation));
}

/** How the conversation is changed for its prompt. */
export function mendingsOf(template: Template, conversation: Conversation): Mending[] {
  return template.mendingsOf?.(turnsOf(template, conversation)) ?? [];
}

function turnsOf(template: Template, { messages, system, includeHistory, ...more }: Conversation): Turns {
  const question = messages.at(-1);
  if (question?.role !== 'user') {
    throw new BedsideError(
      'invalid-request',
      sentence`no-question: There is no question to answer.`,
      'Write a question and send it.',
    );
  }
  const before = includeHistory ? messages.slice(0, -1) : [];
  const earlier = template.keepsThoughts ? before : before.map(withoutThought);
  return { question, earlier, system: system ?? template.system, ...more };
}

/** As models are trained that think: what they have thought is not read again. */
function withoutThought(message: ChatMessage): ChatMessage {
  return message.role === 'assistant' ? { ...message, text: answerOf(message.text) } : message;
}

/** What is asked for, or what the model was trained with, where that is not what the template does by itself. */
export function systemFor(
  template: Template,
  modelName: string,
  system: string | undefined,
): string | undefined {
  return system ?? template.systemByModel?.[modelName];
}
