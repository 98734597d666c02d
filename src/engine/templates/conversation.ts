import type { JsonValue } from '../jinja/from-json.ts';
import type { ChatMessage } from '../types/chat-message.ts';

/** What a template makes a prompt of. */
export interface Conversation {
  /** Oldest first; the last one is the user's question. */
  messages: readonly ChatMessage[];
  /** Undefined: what the template says by itself. Empty: none, or an empty one where the template would say something. */
  system?: string | undefined;
  /** False: the question alone, as if the conversation began with it. */
  includeHistory: boolean;
  /** Visual tokens that an image takes in the prompt. Templates for text alone leave images out. */
  imageTokens?: (id: string) => number;
  /** Milliseconds since 1970: the day for templates that write it. Default: now. */
  date?: number | undefined;
  /** Variables that only some models' own templates know, such as `enable_thinking`; pinned ones know none. */
  options?: Readonly<Record<string, JsonValue>> | undefined;
}

/** A stretch of prompt. Only `special` text, which comes from a template, can hold markup. */
export interface PromptPart {
  text: string;
  special: boolean;
}
