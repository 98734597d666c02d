import type { ChatMessage } from '../types/chat-message.ts';

/** What a template makes a prompt of. */
export interface Conversation {
  /** Oldest first; the last one is the user's question. */
  messages: readonly ChatMessage[];
  system?: string | undefined;
  /** False: the question alone, as if the conversation began with it. */
  includeHistory: boolean;
  /** Visual tokens that an image takes in the prompt. Templates for text alone leave images out. */
  imageTokens?: (id: string) => number;
}

/** A stretch of prompt. Only `special` text, which comes from a template, can hold markup. */
export interface PromptPart {
  text: string;
  special: boolean;
}
