import { type LanguageModel, loadModel } from '../../engine/loading/load-model.ts';
import type { Arguments } from './arguments.ts';
import { withModelFiles } from './model-files.ts';
import { openDevice, readPrecision } from './open-device.ts';
import { clearPhase, showPhase } from './show-phase.ts';

/** Loads a model from disk onto the device that the arguments name; progress is shown on a terminal. */
export async function loadFromPath(
  args: Arguments,
  path: string,
  options: { contextTokens?: number; vision?: string } = {},
): Promise<LanguageModel> {
  const { vision: visionPath, contextTokens } = options;
  return withModelFiles(path, visionPath, async (source, vision) => {
    const device = await openDevice(args);
    return await loadModel(device, source, {
      precision: readPrecision(args),
      ...(contextTokens === undefined ? {} : { contextTokens }),
      vision,
      onProgress: progress => showPhase(progress.phase),
    }).finally(clearPhase);
  });
}
