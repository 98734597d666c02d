import { fold } from '../search/fold.ts';

/** Where one of these stands in a sentence, its number is a limit, a range, a plan or an example, and no value that could be compared. */
const words = `
  above below over under than least most up maximum maximal max minimum minimal min range ranges normal reference target goal threshold
  limit between from to until about around approximately roughly if when unless should could may might can increase increased raise
  raised reduce reduced decrease decreased titrate titrated start started starting initial initially then usual usually typical typically
  example total divided loading maintenance previous previously earlier later fell rose dropped
  uber unter maximal minimal bis normalwert referenz zielwert etwa circa wenn soll sollte kann erhohen erhoht senken dann ublich
  fruher spater
  superieur inferieur jusqu si peut doit augmenter reduire puis
  mayor menor hasta si puede debe aumentar reducir
`;

export const guardWords: ReadonlySet<string> = new Set(words.split(/\s+/).filter(Boolean).map(fold));

/** How often: doses are compared where both say the same of it. */
const often = `
  daily once twice thrice every each per hourly hours hour day weekly week times bd tds qds bid tid qid od nocte
  taglich einmal zweimal dreimal pro je stunden jour fois heures dia veces horas
`;

export const frequencyWords: ReadonlySet<string> = new Set(often.split(/\s+/).filter(Boolean).map(fold));
