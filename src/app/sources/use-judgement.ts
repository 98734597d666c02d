import { useEffect, useState } from 'react';
import { giveWay, type Message } from '../../client/index.ts';
import type { ShownJudgement } from './judge-shown.tsx';
import { useSourcesAbove } from './use-sources-above.ts';

type Judging = typeof import('./judge-shown.tsx');

let loading: Promise<Judging> | null = null;

/** Asked for once: each time the browser is asked for a part again it looks through all that the part needs. */
function loadJudging(): Promise<Judging> {
  loading ??= import('./judge-shown.tsx').catch(thrown => {
    loading = null;
    throw thrown;
  });
  return loading;
}

/** What of an answer stands in the reader's texts; null while it is written, and until it was looked through. */
export function useJudgement(answer: Message, shown: string, isWriting: boolean): ShownJudgement | null {
  const sources = useSourcesAbove(answer);
  const [judged, setJudged] = useState<{ shown: string; found: ShownJudgement | null } | null>(null);
  const ids = sources.map(({ id }) => id).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a text is what its id says, and what was edited what is shown says
  useEffect(() => {
    if (isWriting || shown === '') return;
    let isWanted = true;
    const judge = async () => {
      // The answer itself is shown first.
      await giveWay();
      if (!isWanted) return;
      const { judgeShown } = await loadJudging();
      const found = await judgeShown(shown, sources, answer);
      if (isWanted) setJudged({ shown, found });
    };
    // An answer is read without its marks too.
    judge().catch(() => undefined);
    return () => {
      isWanted = false;
    };
  }, [shown, isWriting, ids]);
  return !isWriting && judged?.shown === shown ? judged.found : null;
}
