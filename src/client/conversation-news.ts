/** Tells the other tabs of this site what was stored of conversations, so that they need not read it. */
import type { Conversation, Message } from '../storage/conversation-records.ts';

export interface ChangedConversation {
  kind: 'changed';
  id: string;
  /** Its index record as it is stored. */
  conversation: Conversation;
  /** Those that were stored with it. */
  messages: readonly Message[];
}

export type ConversationNews =
  | ChangedConversation
  | { kind: 'deleted'; id: string }
  | { kind: 'all-deleted' };

export interface ConversationChannel {
  /** To the other tabs, not to this one. Only of what is stored. */
  tell(news: ConversationNews): void;
  listen(hear: (news: ConversationNews) => void): void;
}

export function openConversationChannel(
  channel: BroadcastChannel = new BroadcastChannel('bedside-conversations'),
): ConversationChannel {
  return {
    tell: news => channel.postMessage(news),
    listen: hear =>
      channel.addEventListener('message', ({ data }: MessageEvent<ConversationNews>) => hear(data)),
  };
}
