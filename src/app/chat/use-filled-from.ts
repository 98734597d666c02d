import { useEffect, useState } from 'react';
import { giveWay } from '../../client/index.ts';

/** Texts written into the page in one go: one task stays short. */
const textsAStep = 160;

/** From which message on the texts of those far away are there: from the end to the beginning, a few at a time. */
export function useFilledFrom(count: number): number {
  const [filledFrom, setFilledFrom] = useState(count);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is added later is near
  useEffect(() => {
    let isThere = true;
    const fill = async () => {
      for (let from = count; from > 0 && isThere; ) {
        await giveWay();
        from = Math.max(0, from - textsAStep);
        if (isThere) setFilledFrom(from);
      }
    };
    void fill();
    return () => {
      isThere = false;
    };
  }, []);
  return filledFrom;
}
