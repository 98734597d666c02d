import { takeTurns } from '../../worker/library/take-turns.ts';
import { setModelSources } from '../site/set-network-rules.ts';
import type { LibraryClient } from './library-client.ts';

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
  const allow = async (origins: string[]): Promise<boolean> => {
    if (origins.every(origin => allowed.has(origin))) return true;
    const all = [...new Set([...allowed, ...origins])];
    if (!(await setSources(all))) return false;
    for (const origin of all) allowed.add(origin);
    library.restart();
    return true;
  };
  // Several models may go on at once: each list takes the place of the one before it, and must hold all of that one.
  const inTurn = takeTurns(1);
  return origins => inTurn(() => allow(origins));
}
