import type { DeviceReport, LoadProgress } from '../../client/index.ts';
import { deviceNoun } from './device-in-words.ts';
import { formatBytes, formatCount } from './quantities.ts';

type LoadPhase = LoadProgress['phase'];

const phases: Record<LoadPhase, string> = {
  device: 'Preparing this device',
  download: 'Fetching the model',
  verify: 'Checking the stored copy',
  header: 'Reading the model’s description',
  allocate: 'Reserving memory',
  upload: 'Moving the model into memory',
  'self-test': 'Checking the arithmetic',
  tuning: 'Finding the fastest arithmetic for this GPU',
  prepare: 'Preparing the arithmetic',
};

export function phaseInWords(progress: LoadProgress | null, report: DeviceReport | null): string {
  if (!progress) return 'Starting';
  if (progress.phase === 'download' && progress.fromStore) return 'Reading the model from this device';
  if (progress.phase === 'self-test') return `Checking that ${deviceNoun(report)} computes correctly`;
  if (progress.phase === 'upload' && deviceNoun(report) === 'the GPU') return 'Moving the model to the GPU';
  return phases[progress.phase];
}

/** Whether there is anything between the beginning and the end of a phase; a single step has no middle. */
export function isCounted(progress: LoadProgress | null): progress is LoadProgress {
  return progress !== null && progress.total > 1;
}

/** "3.1 MB of 7.8 MB", "2 of 5", or nothing where the total is unknown or one step. */
export function amountInWords(progress: LoadProgress | null): string {
  if (!isCounted(progress)) return '';
  const inBytes = ['download', 'verify', 'upload'].includes(progress.phase);
  const format = inBytes ? formatBytes : formatCount;
  return `${format(progress.done)} of ${format(progress.total)}`;
}
