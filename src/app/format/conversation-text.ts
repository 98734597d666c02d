import type { ConversationTree } from '../../client/index.ts';

/** Conversations as text to keep elsewhere: every message of every branch, oldest first, as it was written. */
export function conversationsAsText(trees: readonly ConversationTree[]): string {
  return trees.map(conversationAsText).join('\n\n\n');
}

function conversationAsText({ conversation, messages }: ConversationTree): string {
  const turns = messages
    .filter(({ text }) => text !== '')
    .map(({ role, text, createdAt, model }) => {
      const who = role === 'user' ? 'Question' : model ? `Answer of ${model}` : 'Answer';
      return `## ${who} (${new Date(createdAt).toLocaleString('en')})\n\n${text}`;
    });
  return [`# ${conversation.title || 'Conversation'}`, ...turns].join('\n\n');
}
