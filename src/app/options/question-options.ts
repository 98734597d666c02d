/** The options of a question, read from its text. */

export interface QuestionOption {
  /** Capital, from A on without a gap. */
  letter: string;
  text: string;
  /** Where its text stands in the question. */
  start: number;
  end: number;
}

export const fewestOptions = 2;
export const mostOptions = 10;
/** What is longer is a passage, not an option. */
const longestOption = 600;

type Marker = (letter: string) => string;

/** How a letter is marked, as the source of an expression. */
const markers: readonly Marker[] = [
  letter => `\\(${letter}\\)`,
  letter => `${letter}\\)`,
  letter => `${letter}\\.(?=[\\s*])`,
];

const capitals = Array.from({ length: mostOptions + 1 }, (_, at) => String.fromCharCode(65 + at));
const cases = [capitals, capitals.map(letter => letter.toLowerCase())] as const;

/** What asks for one of several; small letters in running text are a list of points without it. */
const asksToChoose = /\b(?:which|choose|select|pick|options?|best|most likely|correct|answer)\b/i;

/** Points of a sentence, not options: "hepatitis (A) and (B)", "A. fumigatus or B. cereus". */
const endsInSentence = /(?:^|\s)(?:and|or|and\/or|vs\.?|versus|than|&)$/i;

interface Found {
  options: QuestionOption[];
  isSmall: boolean;
  hasStop: boolean;
}

/** Null where the question has none, or where it is not sure that they are meant as such. */
export function optionsOf(question: string): QuestionOption[] | null {
  const inLines = find(question, marker => `^[ \\t]*(?:[-*•][ \\t]+)?\\**${marker}\\**[ \\t]*`);
  if (inLines) return inLines.options;
  const found = find(question, marker => `(?<=^|[\\s:;,])${marker}[ \\t]*`);
  if (!found) return null;
  const { options, isSmall, hasStop } = found;
  if (options.slice(0, -1).some(({ text }) => endsInSentence.test(text))) return null;
  const needsWord = isSmall || (hasStop && options.length < 3);
  if (isSmall && options.length < 3) return null;
  return needsWord && !asksToChoose.test(question) ? null : options;
}

/** The first form of marks that gives options. */
function find(question: string, place: (marker: string) => string): Found | null {
  for (const [at, marker] of markers.entries()) {
    for (const letters of cases) {
      const options = withMarks(question, letters, letter => place(marker(letter)));
      if (options) return { options, isSmall: letters !== capitals, hasStop: at === markers.length - 1 };
    }
  }
  return null;
}

function withMarks(question: string, letters: readonly string[], form: Marker): QuestionOption[] | null {
  const marks: { at: number; start: number }[] = [];
  let from = 0;
  for (const letter of letters) {
    const mark = new RegExp(form(letter), 'gm');
    mark.lastIndex = from;
    const found = mark.exec(question);
    if (!found) break;
    from = found.index + found[0].length;
    marks.push({ at: found.index, start: from });
  }
  if (marks.length < fewestOptions || marks.length > mostOptions) return null;
  const options = marks.map(({ start }, place): QuestionOption => {
    const rest = question.slice(start, marks[place + 1]?.at);
    // Behind the last one, an empty line ends it.
    const own = place === marks.length - 1 ? rest.split(/\n\s*\n/)[0]! : rest;
    const text = own.trim().replace(/[,;]$/, '').trimEnd();
    const begins = start + own.length - own.trimStart().length;
    return { letter: capitals[place]!, text, start: begins, end: begins + text.length };
  });
  const folded = options.map(({ text }) => text.toLowerCase().replace(/\s+/g, ' '));
  const areTexts = options.every(({ text }) => text !== '' && text.length <= longestOption);
  return areTexts && new Set(folded).size === options.length ? options : null;
}

/** The same question with the texts of its options in the opposite order; the letters stay where they are. */
export function turnedRound(question: string, options: readonly QuestionOption[]): string {
  let turned = '';
  let from = 0;
  for (const [place, { start, end }] of options.entries()) {
    turned += question.slice(from, start) + options[options.length - 1 - place]!.text;
    from = end;
  }
  return turned + question.slice(from);
}
