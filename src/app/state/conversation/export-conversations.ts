import { type ConversationTree, mergeTrees, toErrorData } from '../../../client/index.ts';
import { conversationsAsText } from '../../format/conversation-text.ts';
import type { Services } from '../../services/services.ts';

/**
 * Gives out all conversations as one file, each as far as it can be read, what is not stored included. Resolves with what came of
 * it, in words; never rejects.
 */
export async function exportConversations(
  services: Pick<Services, 'conversations' | 'saveFile'>,
  unsaved: readonly ConversationTree[],
): Promise<string> {
  const failures: string[] = [];
  const reading = async <T>(read: Promise<T>): Promise<T | undefined> => {
    try {
      return await read;
    } catch (thrown) {
      failures.push(toErrorData(thrown).message);
      return undefined;
    }
  };
  const trees: ConversationTree[] = [];
  for (const { id } of (await reading(services.conversations.listConversations())) ?? []) {
    const tree = await reading(services.conversations.loadConversation(id));
    if (tree) trees.push(tree);
  }
  const stored = trees.map(tree => {
    const more = unsaved.find(({ conversation }) => conversation.id === tree.conversation.id);
    return more ? mergeTrees(tree, more, null) : tree;
  });
  const ids = new Set(stored.map(({ conversation }) => conversation.id));
  const all = [...stored, ...unsaved.filter(({ conversation }) => !ids.has(conversation.id))];
  if (all.length > 0) {
    const text = conversationsAsText(all);
    services.saveFile(new Blob([text], { type: 'text/markdown' }), 'bedside-conversations.md');
  }
  const lost = failures.length > 0 ? ` Not all could be read. ${failures[0]}` : '';
  return all.length > 0 ? `The file was offered to be saved.${lost}` : `There is nothing to save.${lost}`;
}
