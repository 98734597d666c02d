/** Figures in words, the same in every message, on the page and in the terminal. */

/** In decimal units, as disks, download pages and browsers' quotas count. 7769664 -> "7.8 MB". */
export function formatBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  // 999.5 would round up to "1000".
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  if (unit === 0) return bytes === 1 ? '1 byte' : `${bytes} bytes`;
  return `${value.toFixed(value < 99.95 ? 1 : 0)} ${units[unit]}`;
}

/** 30720 -> "30,720". */
export function formatCount(count: number): string {
  return count.toLocaleString('en');
}

/** 7241748 -> "7.2 million". */
export function formatParameters(count: number): string {
  if (count >= 1e9) return `${(count / 1e9).toFixed(1)} billion`;
  if (count >= 1e6) return `${(count / 1e6).toFixed(1)} million`;
  return formatCount(count);
}

export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

export function formatSpeed(tokensPerSecond: number): string {
  return `${tokensPerSecond.toFixed(tokensPerSecond < 10 ? 1 : 0)} tokens/s`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** English has fewer words than tokens. */
const wordsPerToken = 0.75;

/** Thirty words a second. An estimate says little of how much faster it goes: what surrounds the products then takes the time. */
const quickestCountedSeconds = 0.025;

/** 0.4 -> "about 2 words a second", 3 -> "about one word every 4 seconds", 0.01 -> "more words a second than anyone reads". */
export function aboutPace(tokenSeconds: number): string {
  if (tokenSeconds < quickestCountedSeconds) return 'more words a second than anyone reads';
  const wordsPerSecond = wordsPerToken / tokenSeconds;
  if (wordsPerSecond < 2 / 3)
    return `about one word every ${formatCount(Math.round(1 / wordsPerSecond))} seconds`;
  return `about ${plural(roundAbout(wordsPerSecond), 'word')} a second`;
}

/** A wait: 38.7 -> "about 40 seconds", 250 -> "about 4 minutes". */
export function aboutSeconds(seconds: number): string {
  if (seconds < 1) return 'less than a second';
  if (roundAbout(seconds) < 60) return `about ${plural(roundAbout(seconds), 'second')}`;
  if (seconds < 89.5 * 60) return `about ${plural(Math.max(1, Math.round(seconds / 60)), 'minute')}`;
  return `about ${plural(Math.round(seconds / 3600), 'hour')}`;
}

/** To what an estimate can know: 7, 14, 35, 240. */
function roundAbout(count: number): number {
  const step = count < 20 ? 1 : count < 100 ? 5 : 10;
  return step * Math.round(count / step);
}
