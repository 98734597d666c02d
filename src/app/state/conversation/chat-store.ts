import { createStore, type StoreApi } from 'zustand/vanilla';
import {
  type Conversation,
  type ConversationTree,
  createConversation,
  type ErrorData,
  type VisionProgress,
} from '../../../client/index.ts';

/** The answer being written: at most one, since there is one engine. */
export interface Run {
  /** Its index record, kept here because the reader may have opened another conversation meanwhile. */
  conversation: Conversation;
  messageId: string;
  phase: 'waiting' | 'reading' | 'answering' | 'stopping';
  /** What is being done with the images, until the prompt is read. */
  vision: VisionProgress | null;
  /** Prompt tokens read so far and in all, while reading. */
  prefill: { done: number; total: number } | null;
  text: string;
  /** What the text was made of: with it, an answer that is cut off can go on. */
  tokenIds: number[];
  /** Tokens of it that were thought before the answer; they do not count against its limit. */
  thoughtTokens: number;
  /** Why the answer had to pause; it goes on by itself once the model is back. */
  interruption: ErrorData | null;
}

export interface ChatState {
  /** What is shown. A new chat is stored with its first message. */
  tree: ConversationTree;
  run: Run | null;
}

export type ChatStore = StoreApi<ChatState>;

export function createChatStore(): ChatStore {
  return createStore<ChatState>(() => ({ tree: createConversation(), run: null }));
}
