import {
  type ConversationRecords,
  type ConversationTree,
  isRawObject,
  type Message,
  type RawObject,
  readImage,
  readTree,
  type StoredImage,
} from '../../client/index.ts';

/** A conversation that is given out: as this version reads it, and as it lies in the store. */
export interface OpenedConversation {
  tree: ConversationTree;
  index: RawObject;
  /** By message. What no reader knows is still in them. */
  records: ReadonlyMap<string, RawObject>;
  /** Those that messages refer to and that are there. */
  images: ReadonlyMap<string, OpenedImage>;
  /** What answers were made of, as it lies in the store, by the id of the answer. */
  answerRecords: ReadonlyMap<string, RawObject>;
  /** Drawn for those that browsers do not show as they were asked about, by `pictureKey`. */
  pictures?: ReadonlyMap<string, Blob>;
}

export interface OpenedImage {
  image: StoredImage;
  /** All but its pixels. */
  record: RawObject;
}

/** What is damaged is given out as far as it can be read: no reader would take more of it. */
export function openRecords(records: ConversationRecords): OpenedConversation {
  const { id, index, messages, images, answerRecords } = records;
  const tree = readTree(id, index, messages);
  const raw = new Map(messages);
  const { condition, ...conversation } = tree.conversation;
  const used = new Set(tree.messages.flatMap(message => (message.images ?? []).map(image => image.id)));
  return {
    tree,
    index: { ...(condition !== 'damaged' && isRawObject(index) ? index : conversation), id },
    records: new Map(tree.messages.map(message => [message.id, recordOf(message, raw.get(message.id))])),
    images: new Map(
      images.flatMap(([imageId, record]) => {
        const image = used.has(imageId) ? readImage(record, id, imageId) : undefined;
        if (!image || !isRawObject(record)) return [];
        const { blob: _, ...facts } = record;
        const { blob: __, ...known } = image;
        return [[imageId, { image, record: { ...facts, ...known, v: facts.v ?? known.v } }] as const];
      }),
    ),
    answerRecords: new Map(
      answerRecords.filter(
        (entry): entry is [string, RawObject] =>
          tree.messages.some(message => message.id === entry[0]) && isRawObject(entry[1]),
      ),
    ),
  };
}

function recordOf({ condition, ...message }: Message, raw: unknown): RawObject {
  if (condition === 'damaged' || !isRawObject(raw)) return { ...message };
  return { ...raw, parentId: message.parentId };
}

/** A conversation that is not stored, with what is of its images. */
export function recordsOfTree(
  { conversation, messages }: ConversationTree,
  images: readonly StoredImage[],
): ConversationRecords {
  const { condition: _, ...index } = conversation;
  return {
    id: conversation.id,
    index,
    messages: messages.map(({ condition: _, ...message }) => [message.id, message]),
    images: images.map(image => [image.id, image]),
    answerRecords: [],
  };
}
