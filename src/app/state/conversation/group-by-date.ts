import type { Conversation } from '../../../client/index.ts';

export interface DateGroup {
  label: string;
  conversations: Conversation[];
}

const monthInWords = new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric' });
const dayMs = 24 * 60 * 60 * 1000;

/** Newest first, under the headings a person would use. Days begin at local midnight. */
export function groupByDate(conversations: readonly Conversation[], now: number): DateGroup[] {
  const midnight = new Date(now);
  midnight.setHours(0, 0, 0, 0);
  const today = midnight.getTime();
  const groups = new Map<string, Conversation[]>();
  for (const conversation of [...conversations].sort((a, b) => b.updatedAt - a.updatedAt)) {
    const label = labelFor(conversation.updatedAt, today);
    const members = groups.get(label);
    if (members) members.push(conversation);
    else groups.set(label, [conversation]);
  }
  return [...groups].map(([label, members]) => ({ label, conversations: members }));
}

function labelFor(time: number, today: number): string {
  if (time >= today) return 'Today';
  if (time >= today - dayMs) return 'Yesterday';
  if (time >= today - 7 * dayMs) return 'Last 7 days';
  if (time >= today - 30 * dayMs) return 'Last 30 days';
  return monthInWords.format(time);
}
