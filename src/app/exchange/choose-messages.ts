import type { Message } from '../../client/index.ts';
import type { OpenedConversation } from './open-records.ts';

/**
 * The conversation with these messages alone: each answers the nearest one before it that was chosen. All of them is the
 * conversation as it is.
 */
export function chooseMessages(opened: OpenedConversation, ids: ReadonlySet<string>): OpenedConversation {
  const { tree, index, records, images, answerRecords } = opened;
  if (tree.messages.every(({ id }) => ids.has(id))) return opened;
  /** Of every message, itself or the nearest one above that was chosen. Parents come first. */
  const nearest = new Map<string | null, string | null>([[null, null]]);
  const messages: Message[] = [];
  for (const message of tree.messages) {
    const parentId = nearest.get(message.parentId) ?? null;
    if (ids.has(message.id)) messages.push({ ...message, parentId });
    nearest.set(message.id, ids.has(message.id) ? message.id : parentId);
  }
  const rootIds = messages.filter(({ parentId }) => parentId === null).map(({ id }) => id);
  const currentLeafId = nearest.get(tree.conversation.currentLeafId) ?? messages.at(-1)?.id ?? null;
  const used = new Set(messages.flatMap(message => (message.images ?? []).map(({ id }) => id)));
  return {
    ...opened,
    tree: { conversation: { ...tree.conversation, rootIds, currentLeafId }, messages },
    index: { ...index, rootIds, currentLeafId },
    records: new Map(messages.map(({ id, parentId }) => [id, { ...records.get(id), parentId }])),
    images: new Map([...images].filter(([id]) => used.has(id))),
    answerRecords: new Map([...answerRecords].filter(([id]) => ids.has(id))),
  };
}
