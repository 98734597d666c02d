import { giveWay } from '../engine/give-way.ts';
import {
  type Conversation,
  type Message,
  type MessageReading,
  readConversation,
  readMessage,
} from './conversation-records.ts';
import type { ConversationTree } from './conversation-tree.ts';
import { withRectangles } from './vision-records.ts';

type Lacks = MessageReading['lacks'];

type MessageRecords = readonly [id: string, record: unknown][];

/**
 * A conversation of what lies in the store, in which every message can be reached: one whose parent is lost, or is its own
 * descendant, becomes one of the first ones. Parents come before their children, whatever their times say.
 */
export function readTree(id: string, indexRecord: unknown, messageRecords: MessageRecords): ConversationTree {
  const readings = messageRecords.map(([messageId, record]) => readMessage(record, id, messageId));
  return treeOf(id, indexRecord, readings);
}

/** Messages that are read in one go. */
const portion = 200;

/** The same, of which other work of the thread is done between portions. */
export async function readTreeInPortions(
  id: string,
  indexRecord: unknown,
  messageRecords: MessageRecords,
): Promise<ConversationTree> {
  const readings: MessageReading[] = [];
  for (const [messageId, record] of messageRecords) {
    if (readings.length > 0 && readings.length % portion === 0) await giveWay();
    readings.push(readMessage(record, id, messageId));
  }
  if (readings.length <= portion) return treeOf(id, indexRecord, readings);
  await giveWay();
  const tree = treeOf(id, indexRecord, readings);
  await giveWay();
  return tree;
}

function treeOf(id: string, indexRecord: unknown, readings: MessageReading[]): ConversationTree {
  readings.sort((a, b) => a.message.createdAt - b.message.createdAt);
  const lacks = new Map(readings.map(reading => [reading.message.id, reading.lacks]));
  const children = new Map<string | null, Message[]>();
  for (const { message } of readings) {
    const parentId = lacks.has(message.parentId ?? '') ? message.parentId : null;
    const siblings = children.get(parentId);
    if (siblings) siblings.push(message);
    else children.set(parentId, [message]);
  }
  const placed = new Map<string, Message>();
  // Not recursive: a conversation may be thousands of messages deep.
  const placeBelow = (first: Message) => {
    const waiting: [message: Message, parent: Message | null][] = [[first, null]];
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const [message, parent] = next;
      if (placed.has(message.id)) continue;
      const here = place(message, parent, lacks.get(message.id));
      placed.set(here.id, here);
      for (const child of children.get(here.id) ?? []) waiting.push([child, here]);
    }
  };
  for (const message of children.get(null) ?? []) placeBelow(message);
  // What is left hangs on a ring, which begins with its oldest message.
  for (const { message } of readings) if (!placed.has(message.id)) placeBelow(message);
  const messages = withViewsPlaced([...placed.values()].sort((a, b) => a.createdAt - b.createdAt));
  return { conversation: withLeaf(readConversation(indexRecord, id), messages), messages };
}

/** Version 1 did not store which part of an image was seen, nor, with an answer, how large the image is: questions say that. */
function withViewsPlaced(messages: readonly Message[]): Message[] {
  const sizes = new Map(messages.flatMap(({ images = [] }) => images.map(image => [image.id, image])));
  return messages.map(message =>
    message.vision ? { ...message, vision: withRectangles(message.vision, sizes) } : message,
  );
}

function place(message: Message, parent: Message | null, lacks: Lacks | undefined): Message {
  const isLost = parent === null && message.parentId !== null;
  const hasAnswered = message.model !== undefined || message.usage !== undefined;
  const turn = parent ? otherRole(parent.role) : hasAnswered ? 'assistant' : 'user';
  return {
    ...message,
    parentId: parent?.id ?? null,
    createdAt: Math.max(message.createdAt, parent ? parent.createdAt + 1 : 0),
    ...(lacks?.role ? { role: turn } : {}),
    ...(isLost && !message.condition ? { condition: 'damaged' as const } : {}),
  };
}

const otherRole = (role: Message['role']): Message['role'] => (role === 'user' ? 'assistant' : 'user');

/** Shows the newest message where the index names none that is there. */
function withLeaf(conversation: Conversation, messages: readonly Message[]): Conversation {
  const { currentLeafId, rootIds } = conversation;
  const isThere = messages.some(({ id }) => id === currentLeafId);
  const roots = messages.filter(({ parentId }) => parentId === null).map(({ id }) => id);
  return {
    ...conversation,
    rootIds: rootIds.length > 0 ? rootIds : roots,
    currentLeafId: isThere ? currentLeafId : (messages.at(-1)?.id ?? null),
  };
}
