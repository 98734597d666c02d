import type { ChatMessage } from '../templates/conversation.ts';
import type { TemplateId } from '../templates/templates.ts';
import type { SamplingSettings } from './sampling.ts';

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
  /** Drop the half of each image's detailed tokens that the model attends to least (Mini-Monkey's scale compression). */
  compressImages?: boolean;
}

/** What was written of an answer before it was cut off. */
export interface BegunAnswer {
  text: string;
  /** The tokens it was made of: with them the answer goes on exactly. Those of another model are noticed and not used. */
  tokenIds: number[];
}

/** Why an answer ended. */
export type StopReason = 'end' | 'stop-string' | 'max-tokens' | 'context-full' | 'aborted';

export interface Usage {
  promptTokens: number;
  /** Prompt tokens that were still in the KV cache from the turn before. */
  cachedTokens: number;
  generatedTokens: number;
  prefillMs: number;
  timeToFirstTokenMs: number;
  decodeMs: number;
  /** Decode speed over the tokens after the first; 0 when fewer than two were generated. */
  tokensPerSecond: number;
}

/** A question that is not sent yet. */
export interface QuestionText {
  template: TemplateId;
  system?: string | undefined;
  text: string;
}

/** How much of a model's limit it takes. */
export interface QuestionMeasure {
  tokens: number;
  /** False where only a part of a very long text was counted. */
  isExact: boolean;
  contextTokens: number;
}
