/** How the reader keeps a conversation in the list. */
import { type FieldReader, flag, objectOf } from './record-fields.ts';

export interface Filing {
  /** Before all others. */
  isPinned?: boolean;
  /** Out of the list, in the archive. */
  isArchived?: boolean;
  tags?: readonly string[];
}

export const mostTags = 12;
export const longestTag = 40;

/** As tags are written: one line, without blanks around it. Empty where nothing is left. */
export const tidyTag = (tag: string): string =>
  Array.from(tag.replace(/\s+/g, ' ').trim()).slice(0, longestTag).join('').trim();

/** Each once, whatever its case, in the order in which they were given. */
export function tidyTags(tags: readonly string[]): string[] {
  const byName = new Map<string, string>();
  for (const tag of tags.map(tidyTag)) {
    const name = tag.toLocaleLowerCase();
    if (tag && !byName.has(name)) byName.set(name, tag);
  }
  return [...byName.values()].slice(0, mostTags);
}

const tags: FieldReader<readonly string[]> = value =>
  Array.isArray(value) && value.every(tag => typeof tag === 'string') ? tidyTags(value) : undefined;

export const filing = objectOf<Filing>({ isPinned: flag, isArchived: flag, tags }, []);

/** What says nothing is not stored. Undefined where nothing is left. */
export function withoutDefaults({ isPinned, isArchived, tags = [] }: Filing): Filing | undefined {
  const kept: Filing = {
    ...(isPinned ? { isPinned } : {}),
    ...(isArchived ? { isArchived } : {}),
    ...(tags.length > 0 ? { tags: tidyTags(tags) } : {}),
  };
  return Object.keys(kept).length > 0 ? kept : undefined;
}
