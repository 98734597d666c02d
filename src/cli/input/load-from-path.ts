import { BedsideError } from '../../engine/errors.ts';
import { type LanguageModel, type LoadOptions, loadModel } from '../../engine/loading/load-model.ts';
import type { Arguments, OptionTable } from './arguments.ts';
import { chunkOptions, readChunk } from './chunk-option.ts';
import { withModelFiles } from './model-files.ts';
import { openDevice, readPrecision } from './open-device.ts';
import { clearPhase, showPhase } from './show-phase.ts';
import { readTuning, tuningOptions } from './tuning-file.ts';

/** Of every command that answers with a model. */
export const paceOptions: OptionTable = { 'allow-slow': 'flag', ...tuningOptions, ...chunkOptions };

/**
 * Loads a model from disk onto the device that the arguments name; progress is shown on a terminal. `args` were parsed with
 * `paceOptions`.
 */
export async function loadFromPath(
  args: Arguments,
  path: string,
  options: Pick<LoadOptions, 'contextTokens' | 'answers'> & { vision?: string } = {},
): Promise<LanguageModel> {
  const { vision: visionPath, contextTokens, answers } = options;
  const tuning = await readTuning(args);
  return withModelFiles(path, visionPath, async (source, vision) => {
    const device = await openDevice(args);
    return await loadModel(device, source, {
      precision: readPrecision(args),
      ...(contextTokens === undefined ? {} : { contextTokens }),
      chunkTokens: readChunk(args),
      answers,
      vision,
      tuning,
      accepts: args.flag('allow-slow') ? 'slow' : 'comfortable',
      onProgress: progress => showPhase(progress.phase),
    })
      .catch(thrown => {
        throw asSaidHere(thrown);
      })
      .finally(clearPhase);
  });
}

/** How a slow model is accepted in a terminal. */
function asSaidHere(thrown: unknown): unknown {
  if (!(thrown instanceof BedsideError && thrown.code === 'slow-model')) return thrown;
  return new BedsideError(
    thrown.code,
    thrown.sentence,
    'Add --allow-slow if that will do, more --threads if the machine has them, or take a smaller model.',
  );
}
