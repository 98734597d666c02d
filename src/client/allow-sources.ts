import type { LibraryClient } from './library-client.ts';
import { setModelSources } from './network-rules.ts';

/**
 * Lets models be fetched from these origins, besides those allowed before. The library's worker is confined from its start: a
 * new origin needs a new one, which goes on with whatever the old one was fetching. Resolves with false where no service worker
 * stands between: the host's own policy then holds.
 */
export function allowModelSources(
  library: Pick<LibraryClient, 'restart'>,
  setSources: (origins: string[]) => Promise<boolean> = setModelSources,
): (origins: string[]) => Promise<boolean> {
  const allowed = new Set<string>();
  return async origins => {
    if (origins.every(origin => allowed.has(origin))) return true;
    const all = [...new Set([...allowed, ...origins])];
    if (!(await setSources(all))) return false;
    for (const origin of all) allowed.add(origin);
    library.restart();
    return true;
  };
}
