import { vi } from 'vitest';
import { Drafts } from '../../src/engine/generation/drafts.ts';

/** Every so many tokens of a draft one is wrong. */
const wrongEvery = 5;

/**
 * Until mocks are restored, drafts are made of an answer that is known already, now and then none and of every width: some are
 * right to their end, others wrong in each of their places.
 * @param wrongId what the answer has nowhere
 */
export function plantDrafts(answer: readonly number[], wrongId: number): void {
  let known = 0;
  let asked = 0;
  vi.spyOn(Drafts.prototype, 'push').mockImplementation(() => {
    known++;
  });
  vi.spyOn(Drafts.prototype, 'next').mockImplementation(most => {
    const width = [8, 2, 4][asked++ % 3]!;
    if (most < width || asked % 7 === 0) return undefined;
    const planted = answer.map((id, at) => (at % wrongEvery === wrongEvery - 1 ? wrongId : id));
    const draft = planted.slice(known, known + width - 1);
    return draft.length === width - 1 ? draft : undefined;
  });
}
