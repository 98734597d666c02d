import type { Conversation } from '../../../client/index.ts';
import { type DateGroup, groupByDate } from './group-by-date.ts';

/** Which conversations are listed: those that are not in the archive, those that are, or those of a tag, wherever they are. */
export type Listed = 'all' | 'archive' | `tag:${string}`;

/** Under headings: what is pinned, then the rest by date. */
export function listGroups(conversations: readonly Conversation[], listed: Listed, now: number): DateGroup[] {
  const found = conversations.filter(conversation => isListed(conversation, listed));
  const pinned = found.filter(({ filing }) => filing?.isPinned);
  const others = found.filter(({ filing }) => !filing?.isPinned);
  const first = pinned.length > 0 ? [{ label: 'Pinned', conversations: pinned }] : [];
  return [...first, ...groupByDate(others, now)];
}

/** Those that are in use, in order of the alphabet. */
export function listTags(conversations: readonly Conversation[]): string[] {
  const tags = new Set(conversations.flatMap(({ filing }) => filing?.tags ?? []));
  return [...tags].sort((a, b) => a.localeCompare(b));
}

function isListed({ filing = {} }: Conversation, listed: Listed): boolean {
  if (listed === 'archive') return filing.isArchived === true;
  if (listed === 'all') return !filing.isArchived;
  return filing.tags?.includes(listed.slice('tag:'.length)) === true;
}
