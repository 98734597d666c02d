import { sentence } from '../../engine/sentence.ts';
import { type Arguments, badArgument } from './arguments.ts';

/** --date, for templates that write the day; now, where it is not given. Without a zone it is local time. */
export function readDate(args: Arguments): Date {
  const text = args.text('date');
  if (text === undefined) return new Date();
  const date = parseDate(text);
  if (date === undefined)
    throw badArgument(
      sentence`date-option: --date must be a day or a time, such as 2026-03-09 or 2026-03-09T14:05, not "${{ found: text }}".`,
    );
  return date;
}

/** Without a zone it is local time; undefined where it is none. */
export function parseDate(text: string): Date | undefined {
  // A day alone would be read as one in Greenwich.
  const date = new Date(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00` : text);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
