import { templateError, unknownConstruct } from './template-errors.ts';

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = 'January February March April May June July August September October November December'.split(
  ' ',
);

/**
 * `datetime.strftime` of a local time without a zone, as glibc gives it in the C locale, with its flags (`%-d`). What it does not
 * know is refused: glibc writes it out, other systems drop it.
 */
export function strftime(format: string, now: Date): string {
  return format.replace(
    /%([-_0^#]?)(\d*)([\s\S]?)/g,
    (directive, flag: string, width: string, letter: string) => {
      if (width !== '' || letter === '') throw unknownConstruct(`the date format ${directive}`);
      const field = fields[letter];
      if (!field) throw unknownConstruct(`the date format ${directive}`);
      return flagged(field(now), flag);
    },
  );
}

/** A number with its usual padding, or words. */
type Field = string | { value: number; digits: number; pad: '0' | ' ' };

function flagged(field: Field, flag: string): string {
  if (typeof field === 'string') {
    if (flag === '^' || flag === '#') return field.toUpperCase();
    return field;
  }
  const pad = flag === '_' ? ' ' : flag === '0' ? '0' : field.pad;
  return flag === '-' ? String(field.value) : String(field.value).padStart(field.digits, pad);
}

const zeros = (value: number, digits = 2): Field => ({ value, digits, pad: '0' });
const spaces = (value: number): Field => ({ value, digits: 2, pad: ' ' });
const hour12 = (now: Date) => now.getHours() % 12 || 12;
const composed = (format: string) => (now: Date) => strftime(format, now);

const fields: Readonly<Record<string, (now: Date) => Field>> = {
  a: now => days[now.getDay()]!.slice(0, 3),
  A: now => days[now.getDay()]!,
  b: now => months[now.getMonth()]!.slice(0, 3),
  B: now => months[now.getMonth()]!,
  h: now => months[now.getMonth()]!.slice(0, 3),
  c: composed('%a %b %e %H:%M:%S %Y'),
  C: now => zeros(Math.floor(now.getFullYear() / 100)),
  d: now => zeros(now.getDate()),
  D: composed('%m/%d/%y'),
  e: now => spaces(now.getDate()),
  f: now => zeros(now.getMilliseconds() * 1000, 6),
  F: composed('%Y-%m-%d'),
  g: now => zeros(isoWeek(now).year % 100),
  G: now => zeros(isoWeek(now).year, 1),
  H: now => zeros(now.getHours()),
  I: now => zeros(hour12(now)),
  j: now => zeros(dayOfYear(now), 3),
  k: now => spaces(now.getHours()),
  l: now => spaces(hour12(now)),
  m: now => zeros(now.getMonth() + 1),
  M: now => zeros(now.getMinutes()),
  n: () => '\n',
  p: now => (now.getHours() < 12 ? 'AM' : 'PM'),
  P: now => (now.getHours() < 12 ? 'am' : 'pm'),
  r: composed('%I:%M:%S %p'),
  R: composed('%H:%M'),
  S: now => zeros(now.getSeconds()),
  t: () => '\t',
  T: composed('%H:%M:%S'),
  u: now => zeros(now.getDay() || 7, 1),
  U: now => zeros(Math.floor((dayOfYear(now) + 6 - now.getDay()) / 7)),
  V: now => zeros(isoWeek(now).week),
  w: now => zeros(now.getDay(), 1),
  W: now => zeros(Math.floor((dayOfYear(now) + 6 - ((now.getDay() + 6) % 7)) / 7)),
  x: composed('%m/%d/%y'),
  X: composed('%H:%M:%S'),
  y: now => zeros(now.getFullYear() % 100),
  Y: now => zeros(now.getFullYear(), 1),
  z: () => '',
  Z: () => '',
  '%': () => '%',
};

const msPerDay = 86_400_000;

/** Midnight as if local time were UTC, so that days are equally long. */
function dayNumber(year: number, month: number, day: number): number {
  return Date.UTC(year, month, day) / msPerDay;
}

function dayOfYear(now: Date): number {
  const year = now.getFullYear();
  return dayNumber(year, now.getMonth(), now.getDate()) - dayNumber(year, 0, 1) + 1;
}

/** ISO 8601: a week belongs to the year of its Thursday. */
function isoWeek(now: Date): { year: number; week: number } {
  const today = dayNumber(now.getFullYear(), now.getMonth(), now.getDate());
  if (!Number.isFinite(today)) throw templateError('a date without a calendar');
  const thursday = today + 3 - ((now.getDay() + 6) % 7);
  const year = new Date(thursday * msPerDay).getUTCFullYear();
  return { year, week: Math.floor((thursday - dayNumber(year, 0, 1)) / 7) + 1 };
}
