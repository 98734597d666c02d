/**
 * The bin: what was deleted lies in the same database under other keys, each record as it was, so that no reader of
 * conversations, of whatever version, meets it. A record beside it says what it is and since when.
 */
import type { Database } from './database.ts';
import { isRawObject } from './raw-object.ts';
import { text, time } from './record-fields.ts';

export const binDays = 30;

export interface BinnedConversation {
  v: 1;
  id: string;
  title: string;
  /** When it was deleted, in milliseconds since 1970. */
  binnedAt: number;
}

const headPrefix = 'binned/';
const headKey = (id: string): string => `${headPrefix}${id}`;
const partPrefix = (id: string): string => `bin/${id}/`;

/** Of what lies in the bin of a conversation, but for what says that it does. */
const isBinnedKey = (key: string, id: string): boolean => key.startsWith(partPrefix(id));

/** Moves records into the bin, and deletes others, at once. */
export async function bin(
  database: Database,
  head: BinnedConversation,
  keys: readonly string[],
  others: readonly string[],
): Promise<void> {
  // One that was brought in again since it was deleted: what is deleted now counts.
  const earlier = (await database.keys()).filter(key => isBinnedKey(key, head.id));
  const moves = keys.map((key): [string, string] => [key, `${partPrefix(head.id)}${key}`]);
  const replaced = new Set(moves.map(([, to]) => to));
  const gone = [...others, ...earlier.filter(key => !replaced.has(key))];
  await database.move(moves, [
    ...gone.map((key): [string, unknown] => [key, undefined]),
    [headKey(head.id), head],
  ]);
}

/** Moves all of it back to where it lay. What lies there by now stays. False where nothing of it is in the bin. */
export async function unbin(database: Database, id: string): Promise<boolean> {
  const stored = new Set(await database.keys());
  const parts = [...stored].filter(key => isBinnedKey(key, id));
  const moves = parts.map((key): [string, string] => [key, key.slice(partPrefix(id).length)]);
  const free = moves.filter(([, to]) => !stored.has(to));
  const left = moves.filter(([, to]) => stored.has(to)).map(([from]) => from);
  await database.move(
    free,
    [...left, headKey(id)].map(key => [key, undefined]),
  );
  return parts.length > 0;
}

/** Deleted last first. */
export async function listBin(database: Database): Promise<BinnedConversation[]> {
  const entries = await database.getEntriesByPrefix(headPrefix);
  const heads = entries.map(([key, record]) => readHead(record, key.slice(headPrefix.length)));
  return heads.sort((a, b) => b.binnedAt - a.binnedAt);
}

/** Deletes it for good: afterwards nothing of it is left. */
export async function deleteBinned(database: Database, ids: readonly string[]): Promise<void> {
  const parts = (await database.keys()).filter(key => ids.some(id => isBinnedKey(key, id)));
  await database.deleteMany([...parts, ...ids.map(headKey)]);
}

/** One that does not say since when has lain there longest. */
function readHead(record: unknown, id: string): BinnedConversation {
  const raw = isRawObject(record) ? record : {};
  return {
    v: 1,
    id,
    title: text(raw.title) ?? 'Untitled conversation',
    binnedAt: time(raw.binnedAt) ?? 0,
  };
}
