/** Tells the other tabs of this site what was stored of conversations, so that they need not read it. */
import {
  type Conversation,
  type Message,
  readConversation,
  readMessage,
} from '../../storage/conversation-records.ts';
import { isRawObject } from '../../storage/raw-object.ts';

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
  /** What waits to be sent there. */
  | { kind: 'draft'; id: string }
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
      channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
        const news = readNews(data);
        if (news) hear(news);
      }),
  };
}

/** What another tab says is read like what is stored: it may run another version. Undefined for what is no news. */
function readNews(data: unknown): ConversationNews | undefined {
  if (!isRawObject(data)) return undefined;
  const { kind, id } = data;
  if (kind === 'all-deleted') return { kind };
  if (typeof id !== 'string') return undefined;
  if (kind === 'deleted' || kind === 'draft') return { kind, id };
  if (kind !== 'changed' || !isRawObject(data.conversation) || !Array.isArray(data.messages))
    return undefined;
  const messages = data.messages
    .filter(isRawObject)
    .map(message => readMessage(message, id, String(message.id)).message);
  return { kind, id, conversation: readConversation(data.conversation, id), messages };
}
