import { waitUnlessAborted } from '../device/abandon.ts';
import type { StopReason } from '../types/answer.ts';
import type { AnswerRun } from './answer-run.ts';
import type { Prompt } from './prompt.ts';
import { type DraftStep, verifyDraft } from './verify-draft.ts';

/**
 * The device chooses each token and feeds it to the next step itself, so several steps are in flight and the host only
 * looks on. Steps submitted after what turns out to be the end are abandoned.
 *
 * Where a draft is expected to pay, the steps in flight come to their end, and the draft is verified instead of the next one.
 */
export async function chooseOnDevice(run: AnswerRun, prompt: Prompt): Promise<StopReason> {
  const { model, options, drafts } = run;
  const { stepsInFlight } = model;
  const draftStep: DraftStep = {
    submit: (position, ids) => model.draftSteps.submit(position, ids),
    // There is always a most likely token.
    choose: async () => undefined,
  };
  stepsInFlight.begin();
  const pending = [model.submitArgmax()];
  let submitted = 1;
  /** A token that the device did not hand on to the next step itself. */
  let last: number | undefined;
  let reason: StopReason | undefined;
  let readAt = 0;
  try {
    while (!reason) {
      const draft = drafts?.next(run.limit - submitted);
      if (draft && pending.length === 0) {
        reason = await verifyDraft(run, drafts!, prompt.ids.length + submitted - 1, draft, draftStep);
        submitted = run.tokens.length;
        last = run.tokens.at(-1);
        stepsInFlight.interrupt();
        continue;
      }
      while (!draft && submitted < run.limit && pending.length < stepsInFlight.count) {
        pending.push(model.submitGreedyStep(prompt.ids.length + submitted - 1, last));
        last = undefined;
        submitted++;
      }
      // How long a step takes shows where the next one was under way already when the one before it was read.
      const isPace = pending.length > 1;
      const id = await waitUnlessAborted(model, options.signal, pending.shift()!);
      if (options.signal?.aborted) reason = 'aborted';
      else {
        stepsInFlight.noteRead();
        if (run.steps > 0) run.modelSteps++;
        if (readAt) drafts?.costs.noteSingle(performance.now() - readAt);
        readAt = isPace ? performance.now() : 0;
        reason = run.take(id);
        if (!reason && options.signal?.aborted) reason = 'aborted';
      }
    }
  } finally {
    if (pending.length > 0) model.abandon();
    // Every slot of the readback ring must be free again, whatever happened.
    await Promise.allSettled(pending.map(each => each()));
    // The step that chose a token was fed the one before it.
    model.cache.keys = [...prompt.keys, ...run.tokens.slice(0, Math.max(0, run.steps - 1))];
  }
  return reason;
}
