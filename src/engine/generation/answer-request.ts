import type { TemplateId } from '../templates/template-ids.ts';
import type { BegunAnswer } from '../types/answer.ts';
import type { ChatMessage } from '../types/chat-message.ts';
import type { SamplingSettings } from '../types/sampling.ts';

/** A question with what came before it, and how to answer. */
export interface AnswerRequest {
  template: TemplateId;
  /** Whether earlier turns are part of the prompt (models trained on single questions: false). */
  includeHistory: boolean;
  system?: string;
  /** Alternating, oldest first, the last one from the user. */
  messages: ChatMessage[];
  sampling: SamplingSettings;
  maxTokens: number;
  stopStrings?: string[];
  /** An answer that was cut off and is to go on; `maxTokens` then counts what comes after it. */
  begun?: BegunAnswer;
  /** Drop the half of each compressible view's tokens that the model attends to least (Mini-Monkey's scale compression). */
  compressImages?: boolean;
}

/** A question that is not sent yet. */
export interface QuestionText {
  template: TemplateId;
  system?: string | undefined;
  text: string;
}
