import { waitUnlessAborted } from '../device/abandon.ts';
import { undecidedId } from '../kernels/draw.ts';
import { Random } from '../random.ts';
import { createSampler } from '../sampling/sampler.ts';
import type { StopReason } from '../types/answer.ts';
import type { AnswerRun } from './answer-run.ts';
import { chooseFromDraft, chooseFromLogits, chooseOnHost } from './choose-on-host.ts';
import { stepCosts } from './drafts.ts';
import type { Prompt } from './prompt.ts';
import { type DraftStep, verifyDraft } from './verify-draft.ts';

/** With settings and logits of which the device decides so little, steps in flight are mostly computed in vain. */
const fewestUndecided = 8;
const undecidedShare = 1 / 4;

/**
 * The device draws each token with numbers that were sent ahead and feeds it to the next step itself, so that steps are in flight as
 * they are for the most likely token. The same numbers fall on the same tokens on the host: where the device cannot be sure of
 * that, it says so, the steps in flight are abandoned, and the host draws that one token from all logits.
 *
 * Where a draft is expected to pay, the steps in flight come to their end, and the draft is verified instead of the next one: after
 * each token the one is drawn that a step of its own would draw there, with the same number.
 */
export async function drawOnDevice(run: AnswerRun, prompt: Prompt): Promise<StopReason> {
  const { model, options, drafts } = run;
  const { sampling, drawsBefore = 0, signal } = options;
  const { stepsInFlight } = model;
  const first = prompt.ids.length;
  const draws = someDraws(sampling.seed, drawsBefore, run.limit);
  model.beginDrawing({ settings: sampling, ids: prompt.ids, draws });
  stepsInFlight.begin();
  const pending = [model.submitDraw()];
  /** Tokens that are chosen, or whose choice was submitted. */
  let submitted = 1;
  /** A token that the device did not draw itself, and does not know yet. */
  let chosen: number | undefined;
  let undecided = 0;
  let reason: StopReason | undefined;
  let readAt = 0;
  const samplerNow = () => createSampler(sampling, drawsBefore + run.steps);
  const draftStep: DraftStep = {
    submit: (position, ids) => model.draftSteps.submitDrawn(position, ids),
    choose(row) {
      undecided++;
      return chooseFromDraft(run, prompt, samplerNow(), row);
    },
  };
  try {
    while (!reason) {
      // Until the first token is read, nothing is written over the logits of the prompt: it alone could make them again.
      const draft = run.steps > 0 ? drafts?.next(run.limit - submitted) : undefined;
      if (draft && pending.length === 0) {
        reason = await verifyDraft(run, drafts!, first + submitted - 1, draft, draftStep);
        submitted = run.tokens.length;
        chosen = run.tokens.at(-1);
        stepsInFlight.interrupt();
        continue;
      }
      while (run.steps > 0 && !draft && submitted < run.limit && pending.length < stepsInFlight.count) {
        pending.push(model.submitDrawnStep(first + submitted - 1, chosen));
        chosen = undefined;
        submitted++;
      }
      // How long a step takes shows where the next one was under way already when the one before it was read.
      const isPace = pending.length > 1;
      const id = await waitUnlessAborted(model, signal, pending.shift()!);
      if (signal?.aborted) return 'aborted';
      stepsInFlight.noteRead();
      if (run.steps > 0) run.modelSteps++;
      if (readAt) drafts?.costs.noteSingle(performance.now() - readAt);
      readAt = isPace ? performance.now() : 0;
      if (id === undecidedId) {
        await makeLogitsAgain();
        const sampler = samplerNow();
        undecided++;
        readAt = 0;
        if (undecided >= fewestUndecided && undecided > undecidedShare * run.steps) {
          if (drafts) drafts.costs = stepCosts(model, 'host', options.drafting);
          return await chooseOnHost(run, prompt, sampler);
        }
        chosen = await chooseFromLogits(run, prompt, sampler);
        if (chosen === undefined) return 'aborted';
        stepsInFlight.interrupt();
      }
      reason = run.take(chosen ?? id);
      if (!reason && signal?.aborted) reason = 'aborted';
    }
  } finally {
    await giveUpPending();
    // The step that chose a token was fed the one before it.
    model.cache.keys = [...prompt.keys, ...run.tokens.slice(0, Math.max(0, run.steps - 1))];
  }
  return reason;

  /** Every slot of the readback ring must be free again, whatever happened. */
  async function giveUpPending(): Promise<void> {
    if (pending.length > 0) model.abandon();
    await Promise.allSettled(pending.splice(0).map(each => each()));
  }

  /** Those of the last token that is known; steps behind it wrote others over them. */
  async function makeLogitsAgain(): Promise<void> {
    const areThere = pending.length === 0;
    await giveUpPending();
    submitted = run.steps + 1;
    const last = run.tokens.at(-1);
    if (areThere || last === undefined) {
      model.cache.keys = [...prompt.keys, ...run.tokens];
    } else {
      model.cache.keys = [...prompt.keys, ...run.tokens.slice(0, -1)];
      model.submitTokens([last], true);
    }
  }
}

/** As the host would take them, rounded. */
function someDraws(seed: number, before: number, count: number): Float32Array<ArrayBuffer> {
  const random = new Random(seed);
  for (let draw = 0; draw < before; draw++) random.nextFloat();
  return Float32Array.from({ length: count }, () => random.nextFloat());
}
