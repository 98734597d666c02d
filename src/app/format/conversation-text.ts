import { type ConversationTree, type Message, readThought } from '../../client/index.ts';
import { originInWords } from './author.ts';
import { termsNoticeOf } from './terms-notice.ts';

/** Conversations as text to keep elsewhere: every message of every branch, oldest first, as it was written, but for what models thought before they answered. */
export function conversationsAsText(trees: readonly ConversationTree[]): string {
  return trees.map(conversationAsText).join('\n\n\n');
}

function conversationAsText({ conversation, messages }: ConversationTree): string {
  const turns = messages
    .filter(({ text }) => text !== '')
    .map(message => {
      const { createdAt } = message;
      const text = saidIn(message);
      const notice = termsNoticeOf(message);
      const head = `## ${originInWords(message)} (${new Date(createdAt).toLocaleString('en')})`;
      return [head, ...(notice ? [notice] : []), text].join('\n\n');
    });
  return [`# ${conversation.title || 'Conversation'}`, ...turns].join('\n\n');
}

function saidIn({ role, text }: Message): string {
  if (role === 'user') return text;
  const { answer, isOpen } = readThought(text);
  return isOpen ? '[The model stopped while it was thinking. There is no answer.]' : answer;
}
