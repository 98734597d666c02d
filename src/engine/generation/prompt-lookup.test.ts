import { expect, it } from 'vitest';
import { longestMatch, PromptLookup, shortestMatch } from './prompt-lookup.ts';

it('drafts what followed the last tokens where they stood before', () => {
  expect(new PromptLookup([1, 2, 3, 4, 5, 1, 2]).draft(3)).toEqual({ ids: [3, 4, 5], match: 2 });
  expect(new PromptLookup([1, 2, 3, 4, 5, 1, 2]).draft(1)).toEqual({ ids: [3], match: 2 });
});

it('drafts nothing where nothing stood before, and from one token that did', () => {
  expect(new PromptLookup([]).draft(3)).toBeUndefined();
  expect(new PromptLookup([7]).draft(3)).toBeUndefined();
  expect(new PromptLookup([7, 7]).draft(3)).toBeUndefined();
  expect(new PromptLookup([1, 2, 3, 1]).draft(3)).toBeUndefined();
});

it('takes the longest match before the most recent', () => {
  const lookup = new PromptLookup([9, 1, 2, 3, 50, 8, 2, 3, 60, 9, 1, 2, 3]);
  expect(lookup.draft(1)).toEqual({ ids: [50], match: 4 });
});

it('takes the most recent of matches that are equally long', () => {
  const lookup = new PromptLookup([9, 1, 2, 3, 50, 9, 1, 2, 3, 60, 9, 1, 2, 3]);
  expect(lookup.draft(1)).toEqual({ ids: [60], match: longestMatch });
});

it('goes on in itself where the text repeats itself up to its end', () => {
  expect(new PromptLookup([5, 6, 7, 5, 6, 7]).draft(7)).toEqual({ ids: [5, 6, 7, 5, 6, 7, 5], match: 3 });
  expect(new PromptLookup([4, 4, 4]).draft(3)).toEqual({ ids: [4, 4, 4], match: 2 });
});

it('finds and drafts no row of an image', () => {
  expect(new PromptLookup([-1, -2, 3, -1, -2]).draft(3)).toBeUndefined();
  expect(new PromptLookup([1, 2, 3, -1, -2, 1, 2]).draft(3)).toEqual({ ids: [3], match: 2 });
});

it('equals a search through the whole text, token by token', () => {
  // Few different tokens, so that matches are many and of every length.
  let state = 1;
  const ids = Array.from({ length: 600 }, () => {
    state = (state * 48271) % 2147483647;
    return state % 4;
  });
  const lookup = new PromptLookup();
  ids.forEach((id, i) => {
    lookup.push(id);
    expect(lookup.draft(7)).toEqual(searchThrough(ids.slice(0, i + 1), 7));
  });
});

function searchThrough(ids: readonly number[], most: number) {
  for (let match = longestMatch; match >= shortestMatch; match--) {
    const tail = ids.slice(-match);
    for (let end = ids.length - 1; end >= match; end--) {
      if (ids.length <= match || ids.slice(end - match, end).join() !== tail.join()) continue;
      const text = [...ids];
      while (text.length < end + most) text.push(text[text.length - (ids.length - end)]!);
      return { ids: text.slice(end, end + most), match };
    }
  }
  return undefined;
}
