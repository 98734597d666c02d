import { BedsideError } from '../../engine/errors.ts';
import { mostSoftwareModelBytes } from '../../engine/loading/software-limit.ts';
import { inBytes, sentence } from '../../engine/sentence.ts';
import type { DeviceReport } from '../../engine/types/device.ts';

/**
 * Refuses with 'software-adapter' what would only waste the reader's time on a stand-in for a GPU, whose rates nobody measures:
 * best before it is fetched. What a processor is too slow for, `requirePace` knows.
 */
export function checkAdapter({ kind, isSoftware, adapter }: DeviceReport, modelBytes: number): void {
  if (!isSoftware || kind === 'processor' || modelBytes <= mostSoftwareModelBytes) return;
  throw new BedsideError(
    'software-adapter',
    sentence`stand-in-for-gpu: What this browser offers as a GPU is a program that computes on the processor (${{ adapter }}): far too slow for a model of ${{ modelBytes: inBytes(modelBytes) }}.`,
    'In the settings, let the processor answer, which is several times as fast, or load a small model.',
  );
}
