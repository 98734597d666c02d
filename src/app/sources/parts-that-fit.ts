import type { QuestionMeasure, SourcePart } from '../../client/index.ts';

/** Of what the model reads at once, left for its answer. */
const shareOfAnswer = 0.25;

/** About how many tokens each part takes: a token stands for as many characters in all of them as in those that were counted. */
export function tokensOfParts(
  parts: readonly SourcePart[],
  counted: readonly number[],
  { tokens }: QuestionMeasure,
): number[] {
  const characters = parts
    .filter(({ number }) => counted.includes(number))
    .reduce((sum, { text }) => sum + text.length, 0);
  // Where nothing was counted: as English text mostly is.
  const perCharacter = characters > 200 ? tokens / characters : 0.3;
  return parts.map(({ text }) => Math.ceil(text.length * perCharacter));
}

/** The first parts that the model can read with room for an answer; the first one at least. */
export function partsThatFit(
  parts: readonly SourcePart[],
  counted: readonly number[],
  measure: QuestionMeasure,
): number[] {
  const room = measure.contextTokens * (1 - shareOfAnswer);
  const each = tokensOfParts(parts, counted, measure);
  let sum = 0;
  const fitting = parts.filter((_, at) => {
    sum += each[at]!;
    return at === 0 || sum <= room;
  });
  return fitting.map(({ number }) => number);
}
