import { waitUnlessAborted } from '../device/abandon.ts';
import { undecidedId } from '../kernels/draw.ts';
import type { StopReason } from '../types/answer.ts';
import type { AnswerRun } from './answer-run.ts';
import type { Drafts } from './drafts.ts';
import type { DraftWidth } from './step-costs.ts';

/** How a token is chosen after each of a step's. */
export interface DraftStep {
  /** Submits a step for tokens from a position on. The returned function waits for the token after each, or `undecidedId`. */
  submit(position: number, ids: readonly number[]): () => Promise<Uint32Array>;
  /** Chooses after the token `row` what the device left undecided; undefined where a stop was heard. */
  choose(row: number): Promise<number | undefined>;
}

/**
 * One step of the model for the token that was chosen last and a draft of the tokens after it. What is chosen after each of them, as
 * a single step would have chosen it, is taken as long as the draft before it was right: the same tokens, several at once.
 * @param position of the token that was chosen last
 */
export async function verifyDraft(
  run: AnswerRun,
  drafts: Drafts,
  position: number,
  draft: readonly number[],
  step: DraftStep,
): Promise<StopReason | undefined> {
  const { model, options, tokens } = run;
  const started = performance.now();
  const read = step.submit(position, [tokens.at(-1)!, ...draft]);
  const chosen = await waitUnlessAborted(model, options.signal, read);
  if (options.signal?.aborted) return 'aborted';
  run.modelSteps++;
  for (const [row, found] of chosen.entries()) {
    const id = found === undecidedId ? await step.choose(row) : found;
    if (id === undefined) return 'aborted';
    const reason = run.take(id);
    if (reason) return reason;
    if (options.signal?.aborted) return 'aborted';
    if (id !== draft[row]) break;
  }
  drafts.costs.noteWide((draft.length + 1) as DraftWidth, performance.now() - started);
  return undefined;
}
