import type { FoundPlace } from './answer-boxes.ts';

/** What was written as one: a tag with its boxes, an object of JSON. */
interface Written {
  start: number;
  end: number;
  words: string;
  isJson: boolean;
}

/**
 * The answer as it is read: in the place of the data come what the model calls it and its number among `places`, which are what
 * `findPlaces` found in this answer. All else stays as it was written.
 */
export function textWithPlaces(answer: string, places: readonly FoundPlace[]): string {
  let text = '';
  let end = 0;
  for (const written of runsOf(answer, writtenOf(places))) {
    text += answer.slice(end, written.start) + written.words;
    end = written.end;
  }
  return text + answer.slice(end);
}

/** Without a tag at its end that is still being written; what is longer than any of them is no such tag. */
export function withoutOpenTag(answer: string): string {
  const open = /(?:<ref>[^<]*(?:<\/ref>\s*)?)?(?:<box>[^<]*)?(?:<\/?[a-z]{0,3})?$/.exec(answer);
  return open && /^<(?:ref|box)>/.test(open[0]) && open[0].length <= longestTag
    ? answer.slice(0, open.index)
    : answer;
}

const longestTag = 500;

function writtenOf(places: readonly FoundPlace[]): Written[] {
  const starts = [...new Set(places.map(({ start }) => start))];
  return starts.map(start => {
    const numbers = places.flatMap((place, at) => (place.start === start ? [at + 1] : []));
    const { label, end, form } = places[numbers[0]! - 1]!;
    const called = numbers.length > 1 ? `places ${numbers.join(', ')}` : `place ${numbers[0]}`;
    const words = `${label.replace(/\s+/g, ' ')} (${called})`.trim();
    return { start, end, words, isJson: form !== 'internvl' };
  });
}

/** Objects with nothing but commas between them are one list: with its brackets, and with the fence around it, as Markdown's own. */
function runsOf(answer: string, written: readonly Written[]): Written[] {
  const runs: Written[][] = [];
  for (const each of written) {
    const last = runs.at(-1)?.at(-1);
    const goesOn = last?.isJson && each.isJson && /^\s*,?\s*$/.test(answer.slice(last.end, each.start));
    if (goesOn) runs.at(-1)!.push(each);
    else runs.push([each]);
  }
  return runs.map(run => {
    const { start, isJson } = run[0]!;
    const { end } = run.at(-1)!;
    const inline = { start, end, words: run.map(({ words }) => words).join(', '), isJson };
    if (!isJson) return inline;
    const listed = widened(answer, inline, /\[\s*$/, /^\s*\]/) ?? inline;
    const fenced = widened(
      answer,
      listed,
      /(?<=^|\n)[ \t]*```[a-z]*\s*\n\s*$/,
      /^\s*\n[ \t]*```[ \t]*(?=\n|$)/,
    );
    return fenced ? { ...fenced, words: run.map(({ words }) => `- ${words}`).join('\n') } : listed;
  });
}

/** With what stands right before and behind it; undefined where either does not. */
function widened(answer: string, run: Written, before: RegExp, behind: RegExp): Written | undefined {
  // As much as such a beginning can be, so that a long answer is not searched for each.
  const from = Math.max(0, run.start - 64);
  const opening = before.exec(answer.slice(from, run.start));
  const closing = behind.exec(answer.slice(run.end, run.end + 64));
  if (!opening || !closing) return undefined;
  return { ...run, start: from + opening.index, end: run.end + closing[0].length };
}
