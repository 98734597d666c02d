import { beforeAll, describe, expect, it } from 'vitest';
import { dataFile, fixture, readJson } from '../../../test/support/data.ts';
import { loadNanoVocabulary, loadVocabulary } from '../../../test/support/vocabularies.ts';
import { createTokenizer } from '../tokenizer/tokenizer.ts';
import type { Vocabulary } from '../tokenizer/vocabulary.ts';
import {
  longestFilling,
  longestPassage,
  RepetitionDetector,
  shortestPassage,
} from './repetition-detector.ts';

const texts = readJson<Record<'loops' | 'legitimate', { name: string; text: string }[]>>(
  fixture('texts/repetition.json'),
);

/** Tokens until the answer ends as a loop, or undefined. */
function tokensUntilLoop(ids: readonly number[], detector = new RepetitionDetector()): number | undefined {
  const index = ids.findIndex(id => detector.push(id));
  return index < 0 ? undefined : index + 1;
}

/** Words, digits and signs, a token each: as byte-level vocabularies cut, where the other cuts like SentencePiece. */
function createWordCutter(): (text: string) => number[] {
  const known = new Map<string, number>();
  return text =>
    (text.match(/ ?\p{L}+| ?\p{N}|[^\p{L}\p{N}]/gu) ?? []).map(word => {
      if (!known.has(word)) known.set(word, known.size);
      return known.get(word)!;
    });
}

const smol = dataFile('testdata/smollm2/SmolLM2-135M-Instruct.Q4_1.gguf');

/** Of a way to cut texts into tokens: what ends in it, and what does not. */
function endsLoopsAlone(createCutter: () => Promise<(text: string) => number[]>): void {
  let cut: (text: string) => number[];
  beforeAll(async () => {
    cut = await createCutter();
  });

  it.each(texts.loops)('$name, written over and over, ends', ({ text }) => {
    // A vocabulary may have a piece for many line breaks: of filling there must be enough in any of them.
    const ids = cut(text.repeat(8));
    expect(tokensUntilLoop(ids)).toBeLessThanOrEqual(ids.length);
  });

  it.each(texts.legitimate)('$name does not end', ({ text }) => {
    expect(tokensUntilLoop(cut(text))).toBeUndefined();
  });
}

function cutterOf(vocabulary: Vocabulary): (text: string) => number[] {
  const tokenizer = createTokenizer(vocabulary);
  return text => tokenizer.encode(text, { addBos: false });
}

describe('texts cut into pieces', () => endsLoopsAlone(async () => cutterOf(await loadNanoVocabulary())));
describe('texts cut into words', () => endsLoopsAlone(async () => createWordCutter()));
describe.skipIf(!smol)(`texts cut into SmolLM2’s pieces${smol ? '' : ' (needs BEDSIDE_DATA)'}`, () =>
  endsLoopsAlone(async () => cutterOf(await loadVocabulary(smol!))),
);

/** Different tokens, from `first` on. */
const passage = (length: number, first = 0) => Array.from({ length }, (_, i) => first + i);
const repeated = (ids: readonly number[], times: number) => Array.from({ length: times }, () => ids).flat();

describe('a passage of so many tokens', () => {
  it.each([shortestPassage, 31, 100, 777, longestPassage])(
    '%d ends with the last token of its third time',
    length => {
      const before = passage(500, 5000);
      expect(tokensUntilLoop([...before, ...repeated(passage(length), 4)])).toBe(500 + 3 * length);
      expect(tokensUntilLoop([...before, ...repeated(passage(length), 3).slice(0, -1)])).toBeUndefined();
    },
  );

  it.each([
    [8, 32],
    [12, 36],
    [29, 58],
  ])('%d counts as one of %d, the first multiple that is long enough', (length, whole) => {
    expect(tokensUntilLoop(repeated(passage(length), 100))).toBe(3 * whole);
  });

  it('longer than a page is not looked for', () => {
    expect(tokensUntilLoop(repeated(passage(longestPassage + 1), 4))).toBeUndefined();
  });

  it('that is not the same in one token each time goes on', () => {
    const turns = Array.from({ length: 40 }, (_, turn) => [...passage(40), 1000 + turn]);
    expect(tokensUntilLoop(turns.flat())).toBeUndefined();
  });
});

it.each([1, 2, 4, 7])('few different tokens (%d) may fill a table, though not for ever', different => {
  expect(tokensUntilLoop(repeated(passage(different), longestFilling))).toBeGreaterThanOrEqual(
    longestFilling,
  );
  expect(tokensUntilLoop(repeated(passage(different), longestFilling))).toBeLessThan(
    longestFilling + different,
  );
});

it('a passage with much filling at its end is found at its end', () => {
  const filling = repeated([7000, 7001], 60);
  expect(tokensUntilLoop(repeated([...passage(40), ...filling], 4))).toBe(3 * 160);
});

it('looks at no more for the ten-thousandth token than for the two-thousandth', () => {
  const detector = new RepetitionDetector();
  const most = longestPassage - shortestPassage + 1;
  for (let i = 0; i < 10_000; i++) {
    const before = detector.comparisons;
    detector.push(i % 2999);
    const looked = detector.comparisons - before;
    expect(looked).toBeLessThanOrEqual(most);
  }
  // Where a passage is found, it is counted once more.
  const filling = new RepetitionDetector();
  expect(longestFilling).toBeGreaterThan(3 * shortestPassage);
  for (let i = 0; i < longestFilling - 1; i++) {
    const before = filling.comparisons;
    expect(filling.push(7)).toBe(false);
    expect(filling.comparisons - before).toBeLessThanOrEqual(most + longestPassage);
  }
});

it('agrees with a plain search of the last tokens, whatever they are', () => {
  const isLoop = (ids: readonly number[]) => {
    for (let length = shortestPassage; 3 * length <= ids.length; length++) {
      const tail = ids.slice(-3 * length);
      if (!tail.every((id, i) => i < length || id === tail[i - length])) continue;
      // The ids of these texts are many: no filling.
      return true;
    }
    return false;
  };
  for (let seed = 1; seed <= 40; seed++) {
    let state = seed;
    const next = (limit: number) => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return Math.floor((state / 2 ** 32) * limit);
    };
    const ids: number[] = [];
    while (ids.length < 600) {
      const turn = passage(10 + next(60), next(50));
      ids.push(...repeated(turn, 1 + next(4)).slice(0, -1 - next(3)));
    }
    const detector = new RepetitionDetector();
    ids.forEach((id, i) => {
      expect(detector.push(id)).toBe(isLoop(ids.slice(0, i + 1)));
    });
  }
});
