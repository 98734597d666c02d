import { BedsideError } from '../../engine/errors.ts';
import { mostSoftwareModelBytes } from '../../engine/loading/software-limit.ts';
import { formatBytes } from '../../engine/quantities.ts';
import type { DeviceReport } from '../../engine/types/device.ts';

/** Refuses with 'software-adapter' what would only waste the reader's time: best before it is fetched. */
export function checkAdapter(report: DeviceReport, modelBytes: number): void {
  if (!report.isSoftware || modelBytes <= mostSoftwareModelBytes) return;
  throw new BedsideError(
    'software-adapter',
    `This browser computes without a GPU (${report.adapter}): far too slow for a model of ${formatBytes(modelBytes)}.`,
    'Switch on hardware acceleration in the browser settings, use a device with a GPU, or load a small model.',
  );
}
