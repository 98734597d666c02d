const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** IM2 before IM10. */
export function compareNaturally(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}

/** The folders of a path; empty of a file that lies in none. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** Nearly the same, for thousands of names at once: shorter ones first, as IM2 is before IM10. */
export function compareByLength(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
