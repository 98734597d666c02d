/** What computes, by the same words wherever the page names it. */
import type { DeviceReport } from '../../client/index.ts';
import { plural } from './quantities.ts';

/** Null where it is not known yet, or there is none. */
type Report = DeviceReport | null;

export function deviceNoun(report: Report): 'the GPU' | 'the processor' | 'this device' {
  if (!report) return 'this device';
  return report.isSoftware ? 'the processor' : 'the GPU';
}

/** What a model is held in. A processor's memory is the computer's. */
export function memoryWords(report: Report): string {
  if (!report) return 'Memory on this device';
  return report.isSoftware ? 'Memory of this computer' : 'Memory on the GPU';
}

/** E.g. "nvidia ada-lovelace", "processor, 4 threads", "SwiftShader (software in place of a GPU)". */
export function deviceInWords({ kind, adapter, isSoftware, details, processor }: DeviceReport): string {
  if (kind === 'processor') return ['processor', ...threadsInWords(processor)].join(', ');
  const name = details?.description || adapter;
  return isSoftware ? `${name} (software in place of a GPU)` : name;
}

function threadsInWords(processor: DeviceReport['processor']): string[] {
  return processor ? [plural(processor.threads, 'thread')] : [];
}

/** Why only one thread computes where more might, and what helps; null where nothing is in the way. */
export function oneThreadInWords({ processor }: DeviceReport): string | null {
  switch (processor?.oneThreadBecause) {
    case 'page-not-isolated':
      return 'Only one thread, because the browser does not keep this page apart from others yet: reload the page once.';
    case 'helpers-not-started':
      return 'Only one thread, because no others could be started: reloading the page may help.';
    default:
      return null;
  }
}

/**
 * What answers in place of a GPU; null where a GPU does.
 * @param pace of the model that is loaded, e.g. "about 12 words a second"; null where it is not known
 */
export function withoutGpuInWords(
  report: DeviceReport,
  { isChosen, pace }: { isChosen: boolean; pace: string | null },
): string | null {
  if (!report.isSoftware) return null;
  const lead = isChosen ? 'As you chose' : 'No GPU here';
  if (report.kind === 'gpu')
    return `${lead}: ${report.adapter}, software in place of a GPU, answers on the processor, slowly.`;
  const facts = ['this device’s processor answers', ...threadsInWords(report.processor), pace];
  return `${lead}: ${facts.filter(Boolean).join(', ')}.`;
}
