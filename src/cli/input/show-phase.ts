import type { LoadPhase } from '../../engine/types/load-progress.ts';

const phases: Partial<Record<LoadPhase, string>> = {
  header: 'Reading the model’s description',
  allocate: 'Reserving memory on the GPU',
  upload: 'Moving the model to the GPU',
  'self-test': 'Checking that the GPU computes correctly',
  tuning: 'Finding the fastest GPU programs',
  prepare: 'Preparing the GPU programs',
};

let shown: LoadPhase | undefined;

/** One line that is written over, for who waits at a terminal; nothing where standard error goes elsewhere. */
export function showPhase(phase: LoadPhase): void {
  if (phase === shown || !process.stderr.isTTY) return;
  shown = phase;
  process.stderr.write(`\r\u001b[K${phases[phase] ?? phase} …`);
}

export function clearPhase(): void {
  if (shown !== undefined) process.stderr.write('\r\u001b[K');
  shown = undefined;
}
