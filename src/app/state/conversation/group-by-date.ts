import type { Conversation } from '../../../client/index.ts';

export interface DateGroup {
  label: string;
  conversations: Conversation[];
}

const monthInWords = new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric' });

/** Newest first, under the headings a person would use. Days begin at local midnight. */
export function groupByDate(conversations: readonly Conversation[], now: number): DateGroup[] {
  const beginnings = [0, 1, 7, 30].map(days => midnightBefore(now, days));
  const groups = new Map<string, Conversation[]>();
  for (const conversation of [...conversations].sort((a, b) => b.updatedAt - a.updatedAt)) {
    const label = labelFor(conversation.updatedAt, beginnings);
    const members = groups.get(label);
    if (members) members.push(conversation);
    else groups.set(label, [conversation]);
  }
  return [...groups].map(([label, members]) => ({ label, conversations: members }));
}

const labels = ['Today', 'Yesterday', 'Last 7 days', 'Last 30 days'];

function labelFor(time: number, beginnings: readonly number[]): string {
  return labels[beginnings.findIndex(begun => time >= begun)] ?? monthInWords.format(time);
}

/** The midnight with which the day began that is so many days before that of `now`. A day on which clocks change has 23 hours, or 25. */
function midnightBefore(now: number, days: number): number {
  const midnight = new Date(now);
  midnight.setHours(0, 0, 0, 0);
  midnight.setDate(midnight.getDate() - days);
  return midnight.getTime();
}
