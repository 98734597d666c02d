import { fold } from '../search/fold.ts';

/** Words that turn what is said into its opposite; a sentence and its passage have to agree in whether they have one. */
const words = `
  not no never without none neither nor cannot can't don't doesn't isn't aren't avoid avoided contraindicated
  nicht kein keine keinen keiner keinem keines nie ohne weder kontraindiziert
  ne pas jamais sans aucun aucune
  no nunca sin ningun ninguna
  non mai senza nessun nessuna
  nao nunca sem nenhum nenhuma
  niet geen nooit zonder
  не нет без никогда
  不 未 没 無 无 非 勿
`;

export const negations: ReadonlySet<string> = new Set(words.split(/\s+/).filter(Boolean).map(fold));
