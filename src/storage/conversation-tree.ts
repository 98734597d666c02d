/** A conversation as a tree of messages. Pure functions: each returns a new tree and changes nothing. */
import { type Conversation, conversationVersion, type Message } from './conversation-records.ts';
import { newId } from './random-id.ts';

export interface ConversationTree {
  readonly conversation: Conversation;
  /** In order of creation. */
  readonly messages: readonly Message[];
}

export interface NewConversation {
  id?: string;
  title?: string;
  modelId?: string;
  now?: number;
}

export function createConversation({
  id = newId(),
  title = '',
  modelId,
  now = Date.now(),
}: NewConversation = {}): ConversationTree {
  const conversation: Conversation = {
    v: conversationVersion,
    id,
    title,
    createdAt: now,
    updatedAt: now,
    rootIds: [],
    currentLeafId: null,
    ...(modelId === undefined ? {} : { modelId }),
  };
  return { conversation, messages: [] };
}

export type NewMessage = Omit<Message, 'v' | 'id' | 'conversationId' | 'createdAt'> & {
  id?: string;
  now?: number;
};

/**
 * Adds a message under `parentId` (null: a first message) and shows its branch. A second child of a parent is an
 * alternative: an edited question, another answer. Throws for a parent or an id that does not fit, since such a
 * message would be lost or would replace another.
 */
export function addMessage(
  tree: ConversationTree,
  { id = newId(), now = Date.now(), ...fields }: NewMessage,
): { tree: ConversationTree; message: Message } {
  const { conversation, messages } = tree;
  if (findMessage(tree, id)) throw new RangeError(`message ${id} is already there`);
  if (fields.parentId !== null && !findMessage(tree, fields.parentId)) {
    throw new RangeError(`message ${fields.parentId} is not in this conversation`);
  }
  // A clock may stand still for a millisecond or be set back; the order of the messages may not.
  const createdAt = Math.max(now, (messages.at(-1)?.createdAt ?? 0) + 1);
  const message: Message = {
    v: conversationVersion,
    id,
    conversationId: conversation.id,
    createdAt,
    ...fields,
  };
  return {
    message,
    tree: {
      conversation: {
        ...conversation,
        updatedAt: createdAt,
        currentLeafId: id,
        rootIds: fields.parentId === null ? [...conversation.rootIds, id] : conversation.rootIds,
      },
      messages: [...messages, message],
    },
  };
}

/**
 * Changes the content of a message: an answer grows, ends, fails or goes on. Its place in the tree stays; what the new record
 * does not have is gone. An id that is not there changes nothing.
 */
export function replaceMessage(tree: ConversationTree, message: Message): ConversationTree {
  return { ...tree, messages: tree.messages.map(old => (old.id === message.id ? message : old)) };
}

export function findMessage(tree: ConversationTree, id: string): Message | undefined {
  return tree.messages.find(message => message.id === id);
}

/** Of the arrays that trees share: many ask for paths through the same messages. */
const indexes = new WeakMap<readonly Message[], ReadonlyMap<string, Message>>();

function messagesById(messages: readonly Message[]): ReadonlyMap<string, Message> {
  const known = indexes.get(messages);
  if (known) return known;
  const made = new Map(messages.map(message => [message.id, message]));
  indexes.set(messages, made);
  return made;
}

interface ShownPath {
  readonly leafId: string | null;
  readonly path: readonly Message[];
  /** Of each of its messages, by id. */
  readonly places: ReadonlyMap<string, number>;
}

/** Of the arrays that trees share: each answer asks for the path to itself, which is the beginning of the one that is shown. */
const shownPaths = new WeakMap<readonly Message[], ShownPath>();

function shownPathOf({ conversation, messages }: ConversationTree): ShownPath {
  const known = shownPaths.get(messages);
  const leafId = conversation.currentLeafId;
  if (known?.leafId === leafId) return known;
  const { path, isRing } = walkTo(messages, leafId);
  // Where a ring was cut, a message has another path to it than the one it is met on.
  const places = new Map(isRing ? [] : path.map(({ id }, place) => [id, place]));
  const made = { leafId, path, places };
  shownPaths.set(messages, made);
  return made;
}

/** The messages from the first one to `id`: by default the branch that is shown. Empty when there is none. */
export function pathTo(
  tree: ConversationTree,
  id: string | null = tree.conversation.currentLeafId,
): Message[] {
  const { leafId, path, places } = shownPathOf(tree);
  if (id === leafId) return [...path];
  const place = id === null ? -1 : places.get(id);
  return place === undefined ? walkTo(tree.messages, id).path : path.slice(0, place + 1);
}

function walkTo(messages: readonly Message[], id: string | null): { path: Message[]; isRing: boolean } {
  const byId = messagesById(messages);
  const path: Message[] = [];
  const passed = new Set<string>();
  let next = id;
  while (next !== null && !passed.has(next)) {
    const message = byId.get(next);
    if (!message) break; // A lost message cuts the path; what follows it can still be read.
    passed.add(next);
    path.push(message);
    next = message.parentId;
  }
  return { path: path.reverse(), isRing: next !== null && passed.has(next) };
}

/**
 * A tree in memory with what another tab has stored of the same conversation since. Of a message that both have, the
 * stored one counts, but for `ownId`, which is being written here. The branch that is shown is this tab's where it writes
 * and the stored one otherwise.
 */
export function mergeTrees(
  mine: ConversationTree,
  stored: ConversationTree,
  ownId: string | null,
): ConversationTree {
  const byId = new Map(mine.messages.map(message => [message.id, message]));
  for (const message of stored.messages) if (message.id !== ownId) byId.set(message.id, message);
  const messages = [...byId.values()].sort((a, b) => a.createdAt - b.createdAt);
  const { sampling: _, preset: __, ...conversation } = mergeIndex(stored.conversation, mine.conversation);
  // They were chosen there last.
  const { sampling, preset } = stored.conversation;
  const { currentLeafId } = ownId === null ? stored.conversation : mine.conversation;
  const chosen = { ...(sampling ? { sampling } : {}), ...(preset ? { preset } : {}) };
  return { conversation: { ...conversation, ...chosen, currentLeafId }, messages };
}

/**
 * The index record to store where another tab may have written its own meanwhile: a title changes by renaming alone,
 * how it is kept in the list by filing, and no first message is ever taken away.
 */
export function mergeIndex(stored: Conversation, { filing: _, ...next }: Conversation): Conversation {
  return {
    ...next,
    ...(stored.filing ? { filing: stored.filing } : {}),
    title: stored.title || next.title,
    updatedAt: Math.max(stored.updatedAt, next.updatedAt),
    rootIds: [...new Set([...stored.rootIds, ...next.rootIds])],
  };
}

/** The alternatives at the place of message `id`, oldest first and itself among them, for "2 of 3". */
export function siblings(tree: ConversationTree, id: string): { messages: Message[]; index: number } {
  const parentId = findMessage(tree, id)?.parentId;
  const messages =
    parentId === undefined ? [] : tree.messages.filter(message => message.parentId === parentId);
  return { messages, index: messages.findIndex(message => message.id === id) };
}

/** The same of every message at once: its place among them and how many there are. */
export function branchesOf({ messages }: ConversationTree): Map<string, { index: number; count: number }> {
  const byParent = new Map<string | null, string[]>();
  for (const { id, parentId } of messages) {
    const versions = byParent.get(parentId);
    if (versions) versions.push(id);
    else byParent.set(parentId, [id]);
  }
  const branches = new Map<string, { index: number; count: number }>();
  for (const ids of byParent.values()) {
    for (const [index, id] of ids.entries()) branches.set(id, { index, count: ids.length });
  }
  return branches;
}

/** Shows the branch through message `id`, down to its newest leaf. An unknown id changes nothing. */
export function switchBranch(tree: ConversationTree, id: string): ConversationTree {
  if (!findMessage(tree, id)) return tree;
  return { ...tree, conversation: { ...tree.conversation, currentLeafId: newestLeaf(tree, id) } };
}

/** The message added last at or below `id`. */
export function newestLeaf(tree: ConversationTree, id: string): string {
  // In order of creation a parent comes before its children, so the last one met below `id` is a leaf.
  const below = new Set([id]);
  let leaf = id;
  for (const message of tree.messages) {
    if (message.parentId === null || !below.has(message.parentId)) continue;
    below.add(message.id);
    leaf = message.id;
  }
  return leaf;
}
