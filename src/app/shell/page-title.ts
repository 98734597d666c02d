import type { ConversationTree } from '../../client/index.ts';

/**
 * Of the window, and so of the browser's list of visited pages, which some browsers copy to other devices: it tells conversations
 * apart by their time and shows nothing of what was written in them.
 */
export function pageTitle({ conversation, messages }: ConversationTree): string {
  if (messages.length === 0) return 'Bedside';
  const time = new Date(conversation.createdAt).toLocaleString('en-GB', {
    dateStyle: 'medium',
    timeStyle: 'short',
  });
  return `Conversation of ${time} · Bedside`;
}
