import { BedsideError } from '../../engine/errors.ts';
import { mostSoftwareModelBytes } from '../../engine/loading/software-limit.ts';
import { inBytes, sentence } from '../../engine/sentence.ts';
import type { DeviceReport } from '../../engine/types/device.ts';

/** Refuses with 'software-adapter' what would only waste the reader's time: best before it is fetched. */
export function checkAdapter(report: DeviceReport, modelBytes: number): void {
  if (!report.isSoftware || modelBytes <= mostSoftwareModelBytes) return;
  throw new BedsideError(
    'software-adapter',
    sentence`no-gpu-for-model: This browser computes without a GPU (${{ adapter: report.adapter }}): far too slow for a model of ${{ modelBytes: inBytes(modelBytes) }}.`,
    'Switch on hardware acceleration in the browser settings, use a device with a GPU, or load a small model.',
  );
}
