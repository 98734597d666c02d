const inWords = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short' });

/** "28 November 2026 at 21:50", in the time of this machine. The month is a word: 3/4 is two days in two countries. */
export function formatMoment(ms: number): string {
  return inWords.format(ms);
}
