import type { ConversationTree } from '../../client/index.ts';
import { originInWords } from './author.ts';

/** Conversations as text to keep elsewhere: every message of every branch, oldest first, as it was written. */
export function conversationsAsText(trees: readonly ConversationTree[]): string {
  return trees.map(conversationAsText).join('\n\n\n');
}

function conversationAsText({ conversation, messages }: ConversationTree): string {
  const turns = messages
    .filter(({ text }) => text !== '')
    .map(message => {
      const { text, createdAt } = message;
      return `## ${originInWords(message)} (${new Date(createdAt).toLocaleString('en')})\n\n${text}`;
    });
  return [`# ${conversation.title || 'Conversation'}`, ...turns].join('\n\n');
}
