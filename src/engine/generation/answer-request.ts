import type { JsonValue } from '../jinja/from-json.ts';
import type { TemplateChoice } from '../templates/template-ids.ts';
import type { BegunAnswer } from '../types/answer.ts';
import type { ChatMessage } from '../types/chat-message.ts';
import type { SamplingSettings } from '../types/sampling.ts';
import type { Drafting } from './drafts.ts';

/** A question with what came before it, and how to answer. */
export interface AnswerRequest {
  template: TemplateChoice;
  /** Whether earlier turns are part of the prompt (models trained on single questions: false). */
  includeHistory: boolean;
  /** Undefined: what the template says by itself. Empty: none. */
  system?: string;
  /** Oldest first, in turns where nothing went wrong, the last one from the user. */
  messages: ChatMessage[];
  sampling: SamplingSettings;
  maxTokens: number;
  /**
   * How many tokens the model may think for before it answers, where it thinks; `maxTokens` then counts the answer alone. A thought
   * that is longer is closed, and so is one that would leave no room for an answer. Default: a thought is text like any other.
   */
  thoughtTokens?: number;
  /** Default: where it pays. */
  drafting?: Drafting;
  /** The prompt is read from its first token, whatever of it is still in the KV cache. */
  readsAnew?: boolean;
  stopStrings?: string[];
  /** An answer that was cut off and is to go on; `maxTokens` then counts what comes after it. */
  begun?: BegunAnswer;
  /** Drop the half of each compressible view's tokens that the model attends to least (Mini-Monkey's scale compression). */
  compressImages?: boolean;
  /**
   * Milliseconds since 1970: the day for templates that write it. Of a conversation the day on which it began, so that its prompt
   * stays the same. Default: now.
   */
  date?: number;
  /** Variables that only some models' own templates know, such as `enable_thinking`. */
  templateOptions?: Readonly<Record<string, JsonValue>>;
}

/** A question that is not sent yet. */
export interface QuestionText {
  template: TemplateChoice;
  system?: string | undefined;
  text: string;
  /** As in `AnswerRequest`. */
  date?: number;
}
