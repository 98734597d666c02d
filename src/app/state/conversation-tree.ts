import type { Message } from '../../client/index.ts';

/** Messages by id. Siblings (same parent) are versions of one turn, in order of creation. */
export type MessageTree = Readonly<Record<string, Message>>;

export function treeOf(messages: readonly Message[]): MessageTree {
  return Object.fromEntries(messages.map(message => [message.id, message]));
}

/** From the first message to `leafId`. A broken or circular parent ends the path instead of hanging the page. */
export function pathTo(tree: MessageTree, leafId: string | null): Message[] {
  const path: Message[] = [];
  const seen = new Set<string>();
  for (let id = leafId; id !== null && !seen.has(id); ) {
    const message = tree[id];
    if (!message) break;
    seen.add(id);
    path.unshift(message);
    id = message.parentId;
  }
  return path;
}

export function siblingsOf(tree: MessageTree, message: Message): Message[] {
  return childrenOf(tree, message.parentId).filter(other => other.role === message.role);
}

/** The end of the branch that begins at `id`, taking the newest version at every fork. */
export function newestLeafUnder(tree: MessageTree, id: string): string {
  const seen = new Set<string>();
  let leaf = id;
  while (!seen.has(leaf)) {
    seen.add(leaf);
    const newest = childrenOf(tree, leaf).at(-1);
    if (!newest) break;
    leaf = newest.id;
  }
  return leaf;
}

function childrenOf(tree: MessageTree, parentId: string | null): Message[] {
  return Object.values(tree)
    .filter(message => message.parentId === parentId)
    .sort((a, b) => a.createdAt - b.createdAt);
}
