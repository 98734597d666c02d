/** Words that a letter follows as their kind, wherever they are written large: "Hepatitis B", "Gruppe A", "Child-Pugh C". */
const takesLetter =
  /^(?:[\p{L}]*hepatitis|ha?emophilia|influenza|vitamine?s?|provitamin|coenzyme?|factor|faktor|protein|group|gruppe|groupe|grupo|gruppo|types?|typ|tipo|class|klasse|classe|categor[\p{L}]*|kategorie|grade|grad|stage|stadium|stade|level|part|teil|option|answer|antwort|arm|plan|schema|table|tabelle|figure|abbildung|appendix|anhang|section|abschnitt|lead|ableitung|pugh|kerley|troponin|interleukin|angiotensin|immunglobulin|immunoglobulin|toxin|amphotericin|polymyxin|cyclosporin|ciclosporin|lipoprotein|apolipoprotein|stanford|weber|barrett|forrest)$/iu;

/** Words before a name, of which an initial may be the first word. */
const beforeNames = new Set(
  'by of from with see after for per than like as the in at to that said wrote cited von vom nach mit bei laut siehe de du des par selon chez avec por según con di da secondo'.split(
    ' ',
  ),
);

const joins = new Set(['and', 'or', 'to', '&', 'und', 'oder', 'bis', 'et', 'ou', 'y', 'o', 'e', '/']);

/**
 * Whether the text before a full stop ends in the initial of a name, or in the letter of a list, after which a sentence goes on: "J. Smith",
 * "Dr. A. Brown", "B. Treatment" on a line of its own; not in the letter of a kind: "hepatitis B.", "vitamins D and K.", "at 38 C.".
 */
export function endsInInitial(before: string): boolean {
  const found = /(?:^|[\s.("“-])\p{Lu}$/u.exec(before);
  if (!found) return false;
  const lead = before.slice(0, -1);
  if (lead.endsWith('-')) return lead.endsWith('.-');
  if (/(?:^|\n[^\S\n]*|["“(])$/u.test(lead)) return true;
  const words = lead.trimEnd().split(/[\s-]+/u);
  const word = words.at(-1) ?? '';
  const previous = words.at(-2) ?? '';
  if (/[.!?…:;。！？｡।؟۔]["'”’»)\]]*$/u.test(word)) return true;
  // "vitamins D, E and K": letters of a kind too.
  const isLetter = (each: string) => /^\p{Lu},?$/u.test(each);
  if (word.endsWith(',')) return !isLetter(word);
  if (joins.has(word)) return !isLetter(previous);
  if (/^\d[\d.,]*°?$/u.test(word)) return false;
  if (beforeNames.has(word)) return true;
  return /^\p{Lu}/u.test(word) && !takesLetter.test(word);
}
