import { type ConversationRecords, isRawObject } from '../../client/index.ts';

/** The same conversation under another id. */
export function withId(
  { index, messages, images, answerRecords }: ConversationRecords,
  id: string,
): ConversationRecords {
  const moved = (record: unknown) => ({ ...(record as object), conversationId: id });
  return {
    id,
    index: { ...(index as object), id },
    messages: messages.map(([key, record]) => [key, moved(record)]),
    images: images.map(([key, record]) => [key, moved(record)]),
    answerRecords: answerRecords.map(([key, record]) => [key, moved(record)]),
  };
}

/**
 * Whether two hold the same, whatever the order in which their records and fields are written, and however they are kept in the list.
 * Images are what their ids say.
 */
export function isSameConversation(a: ConversationRecords, b: ConversationRecords): boolean {
  return contentOf(a) === contentOf(b);
}

function contentOf({ index, messages, images, answerRecords }: ConversationRecords): string {
  const byId = new Map(messages);
  const ids = [...byId.keys()].sort();
  const made = new Map(answerRecords);
  return JSON.stringify(
    [
      isRawObject(index) ? { ...index, filing: undefined } : index,
      ids.map(id => [id, byId.get(id), made.get(id) ?? null]),
      images.map(([id]) => id).sort(),
    ],
    // In the order of their names: a database and a file may keep another one.
    (_, value: unknown) =>
      isRawObject(value)
        ? Object.fromEntries(Object.entries(value).sort(([x], [y]) => (x < y ? -1 : 1)))
        : value,
  );
}
