import type { ModelTuning, TunedClass } from '../../client/index.ts';
import { plural } from '../format/quantities.ts';

/** What is computed in which form, in a sentence or two. */
export function formsInWords(tuning: ModelTuning | undefined, hasModel: boolean): string {
  if (!hasModel) return 'Nothing was compared yet: that takes a model that is loaded.';
  switch (tuning?.state) {
    case undefined:
    case 'nothing-to-choose':
      return 'There is nothing to choose on this device: all of the arithmetic has one form here.';
    case 'defaults':
      return 'The standard forms are in use, as you chose.';
    case 'coarse-clock':
      return 'The standard forms are in use: this browser reports too late when the GPU is done, so that they cannot be compared.';
    case 'stopped':
      return `${usedInWords(tuning)} The comparison was stopped; it goes on when a model is loaded next.`;
    case 'unfinished':
      return `${usedInWords(tuning)} ${plural(tuning.left, 'step')} more will be compared when the model is loaded next.`;
    case 'finished':
      return usedInWords(tuning);
  }
}

function usedInWords({ classes }: ModelTuning): string {
  const gained = classes.filter(each => each.chosen !== each.default);
  if (classes.length === 0) return 'The standard forms are in use.';
  if (gained.length === 0)
    return `The standard forms are in use: none of the others was faster in ${plural(classes.length, 'step')}.`;
  const best = Math.max(...gained.map(savedShare));
  return `In ${gained.length} of ${plural(classes.length, 'step')} another form than the standard one is in use; it saves up to ${percent(best)} of the time.`;
}

const savedShare = ({ chosenUs, defaultUs }: TunedClass) => 1 - chosenUs / defaultUs;

const percent = (share: number) => `${Math.round(100 * share)} %`;

export function gainInWords(tuned: TunedClass): string {
  if (tuned.why === 'at-limit') return 'none possible: it reads as fast as the memory allows';
  if (tuned.why === 'too-small') return 'too short to compare';
  if (tuned.why === 'lost-device') return 'not compared: the GPU was lost';
  return tuned.chosen === tuned.default ? 'none' : percent(savedShare(tuned));
}

export function microseconds(us: number): string {
  return us >= 10_000
    ? `${(us / 1000).toFixed(1)} ms`
    : `${us >= 100 ? us.toFixed(0) : us.toPrecision(2)} µs`;
}
