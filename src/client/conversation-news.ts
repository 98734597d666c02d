/** Tells the other tabs of this site that stored conversations have changed. */

export type ConversationNews =
  | { kind: 'changed'; id: string }
  | { kind: 'deleted'; id: string }
  | { kind: 'all-deleted' };

export interface ConversationChannel {
  /** To the other tabs, not to this one. */
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
