import type { ErrorData } from '../../../client/index.ts';
import { chooseAnswerer, type Question } from './choose-answerer.ts';
import { type ModelController, noModel, noVisionModel } from './model-controller.ts';
import { isSameModel } from './model-identity.ts';
import { type ModelStore, onDuty } from './model-store.ts';
import type { ModelSuspension } from './model-suspension.ts';

interface Dependencies {
  models: ModelStore;
  model: ModelController;
  suspension: ModelSuspension;
}

/**
 * Sees to it that the model that answers `question` is ready. Settles with null then, or when `signal` aborts; with what is in
 * the way; or with 'stopped' where the reader has ended the load.
 */
export async function bringAnswerer(
  question: Question,
  signal: AbortSignal,
  { models, model, suspension }: Dependencies,
): Promise<ErrorData | 'stopped' | null> {
  let hasTried = false;
  await model.whenStarted(signal);
  for (;;) {
    const state = models.getState();
    const { phase, device, error } = state;
    if (signal.aborted) return null;
    if (device.status === 'failed' && phase !== 'ready') return device.error;
    const { model: wanted, because } = chooseAnswerer(question, state);
    if (!wanted) return because === 'images' ? noVisionModel : (error ?? noModel);
    const isOnDuty = isSameModel(wanted, onDuty(state));
    if (isOnDuty && phase === 'ready') return null;
    if (isOnDuty && phase === 'empty') return noModel;
    const { stops } = model;
    if (isOnDuty && phase !== 'failed') {
      suspension.wake(signal);
      await model.whenSettled(signal);
    } else {
      // What the reader means and failed waits for the reader; what an image needs has one more attempt.
      if (hasTried || (isOnDuty && because === 'meant')) return error ?? noModel;
      hasTried = true;
      const end = await Promise.race([model.bring(wanted), whenAborted(signal)]);
      // Another load has taken its place: what that one brings, the next round finds.
      if (end === 'replaced') hasTried = false;
    }
    if (model.stops !== stops && !signal.aborted) return afterStop(question, models);
  }
}

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/** The reader has stopped a load: the model that is back may be the one that is needed. */
function afterStop(question: Question, models: ModelStore): ErrorData | 'stopped' | null {
  const state = models.getState();
  if (state.phase === 'empty') return noModel;
  const isThere = isSameModel(chooseAnswerer(question, state).model, onDuty(state));
  return isThere && state.phase === 'ready' ? null : 'stopped';
}
