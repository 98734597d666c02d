import { waitUnlessAborted } from '../device/abandon.ts';
import { brokenNumbersError } from '../device/device-errors.ts';
import { undecidedId } from '../kernels/draw.ts';
import { brokenId, candidateCount } from '../kernels/sample.ts';
import type { Candidates } from '../models/token-choice.ts';
import type { Sampler } from '../sampling/sampler.ts';
import type { StopReason } from '../types/answer.ts';
import type { AnswerRun } from './answer-run.ts';
import type { Drafts } from './drafts.ts';
import type { Prompt } from './prompt.ts';
import { type DraftStep, verifyDraft } from './verify-draft.ts';

/** The host chooses each token from the most likely ones (1 KiB) or, where that is not enough, from all logits. */
export async function chooseOnHost(run: AnswerRun, prompt: Prompt, sampler: Sampler): Promise<StopReason> {
  const { model, options, tokens, drafts } = run;
  const draftStep: DraftStep = {
    submit(position, ids) {
      const read = model.draftSteps.submit(position, ids);
      return async () => (await read()).fill(undecidedId);
    },
    choose: row => chooseFromDraft(run, prompt, sampler, row),
  };
  let reason = await takeNext();
  while (!reason) {
    const draft = drafts?.next(run.limit - tokens.length);
    reason = draft ? await verify(drafts!, draft) : await takeStep();
  }
  return reason;

  /** From the logits at hand. */
  async function takeNext(read?: () => Promise<Candidates>): Promise<StopReason | undefined> {
    const id = await chooseFromLogits(run, prompt, sampler, read);
    if (id === undefined) return abort(run, prompt);
    return run.take(id) ?? (options.signal?.aborted ? 'aborted' : undefined);
  }

  async function takeStep(): Promise<StopReason | undefined> {
    const started = performance.now();
    const last = tokens.at(-1)!;
    let read: (() => Promise<Candidates>) | undefined;
    if (sampler.mayTakeCandidates(candidateCount, recentIds(run, prompt)))
      read = model.submitSampledStep(last);
    else model.submitTokens([last], true);
    run.modelSteps++;
    const reason = await takeNext(read);
    // A stop is heard before the step is done.
    if (reason !== 'aborted') drafts?.costs.noteSingle(performance.now() - started);
    return reason;
  }

  async function verify(drafts: Drafts, draft: readonly number[]): Promise<StopReason | undefined> {
    try {
      return await verifyDraft(run, drafts, prompt.ids.length + tokens.length - 1, draft, draftStep);
    } finally {
      // The step that chose a token was fed the one before it.
      model.cache.keys = [...prompt.keys, ...tokens.slice(0, run.steps - 1)];
    }
  }
}

/**
 * The next token, from the logits at hand.
 * @param read what waits for their candidates, where that was submitted already
 * @returns undefined where a stop was heard
 */
export async function chooseFromLogits(
  run: AnswerRun,
  prompt: Prompt,
  sampler: Sampler,
  read?: () => Promise<Candidates>,
): Promise<number | undefined> {
  const { model } = run;
  const { signal } = run.options;
  const recent = recentIds(run, prompt);
  if (sampler.mayTakeCandidates(candidateCount, recent)) {
    const candidates = await waitUnlessAborted(model, signal, read ?? (() => model.readCandidates()));
    if (signal?.aborted) return undefined;
    if (candidates.ids[0] === brokenId) throw brokenNumbersError();
    if (sampler.areEnough(candidates, recent)) return sampler.sampleCandidates(candidates, recent);
  }
  const logits = await waitUnlessAborted(model, signal, () => model.readLogits());
  return signal?.aborted ? undefined : sampler.sample(logits, recent);
}

/** The next token, from the logits after the token `row` of a step that verifies a draft; undefined where a stop was heard. */
export async function chooseFromDraft(
  run: AnswerRun,
  prompt: Prompt,
  sampler: Sampler,
  row: number,
): Promise<number | undefined> {
  const { model } = run;
  const { signal } = run.options;
  const logits = await waitUnlessAborted(model, signal, () => model.draftSteps.readLogits(row));
  return signal?.aborted ? undefined : sampler.sample(logits, recentIds(run, prompt));
}

/** The step that was fed the last token may not be done. */
function abort({ model, tokens }: AnswerRun, prompt: Prompt): StopReason {
  model.cache.truncate(prompt.keys.length + Math.max(0, tokens.length - 1));
  return 'aborted';
}

/** What the repetition penalty looks back on. */
function recentIds({ tokens, options }: AnswerRun, prompt: Prompt): readonly number[] {
  const { repetitionWindow: window } = options.sampling;
  if (window === 0) return [];
  const answered = tokens.slice(-window);
  return answered.length === window ? answered : [...prompt.ids.slice(answered.length - window), ...answered];
}
