import type { LanguageModel } from '../models/language-model.ts';
import { type Draft, longestMatch, PromptLookup } from './prompt-lookup.ts';
import { type DraftWidth, draftWidths, EqualCosts, StepCosts } from './step-costs.ts';

/** Whether what stands earlier in the text is drafted as its continuation. */
export type Drafting = 'where-it-pays' | 'always' | 'never';

const mostDrafted = draftWidths.at(-1)! - 1;
/** Of the outcomes so far, at each new one: about the last twenty count. */
const remembered = 0.95;

/** How the next tokens are chosen decides what a step costs. */
export type ChoosingBy = 'argmax' | 'draw' | 'host';

/** What steps cost, for as long as a model is loaded. */
const costsOf = new WeakMap<LanguageModel, Record<ChoosingBy, StepCosts>>();

/**
 * The drafts of one answer, and whether they pay. Each token that is chosen shows whether a draft would have been right about it,
 * also where none was made: how often they are is known without trying, by how much of the text before it was the same.
 */
export class Drafts {
  /** Of steps as their tokens are chosen now. */
  costs: StepCosts;
  readonly #lookup: PromptLookup;
  /** By tokens that match: how often the next one was as drafted, and how often not. */
  readonly #outcomes = Array.from({ length: longestMatch + 1 }, () => ({ hits: 1, misses: 1 }));
  #draft: Draft | undefined;

  /** @param keys what the text consists of so far: see Prompt */
  constructor(keys: readonly number[], costs: StepCosts) {
    this.costs = costs;
    this.#lookup = new PromptLookup(keys);
    this.#draft = this.#lookup.draft(mostDrafted);
  }

  /** The next token of the text. */
  push(id: number): void {
    if (this.#draft) {
      const outcome = this.#outcomes[this.#draft.match]!;
      outcome.hits *= remembered;
      outcome.misses *= remembered;
      outcome[this.#draft.ids[0] === id ? 'hits' : 'misses']++;
    }
    this.#lookup.push(id);
    this.#draft = this.#lookup.draft(mostDrafted);
  }

  /**
   * What to try as the next tokens, where that is expected to be faster than one token after the other: one less than a step is
   * wide.
   * @param most tokens that may still be chosen
   */
  next(most: number): readonly number[] | undefined {
    const draft = this.#draft;
    if (!draft) return undefined;
    const width = this.costs.widest(Math.min(most, draft.ids.length + 1), each =>
      this.#expected(draft, each),
    );
    return width && draft.ids.slice(0, width - 1);
  }

  /** Tokens that come of a step: each drafted one where all before it were right, and the one after the last of those. */
  #expected({ match }: Draft, width: DraftWidth): number {
    let expected = 1;
    let sofar = 1;
    for (let drafted = 0; drafted < width - 1; drafted++) {
      const { hits, misses } = this.#outcomes[Math.min(match + drafted, longestMatch)]!;
      sofar *= hits / (hits + misses);
      expected += sofar;
    }
    return expected;
  }
}

/**
 * @returns undefined where nothing is drafted: not wished, or single steps round activations that others do not, so that the text
 *   could be another
 */
export function draftsFor(
  model: LanguageModel,
  keys: readonly number[],
  by: ChoosingBy,
  drafting: Drafting = 'where-it-pays',
): Drafts | undefined {
  if (drafting === 'never' || !model.mayDraft) return undefined;
  return new Drafts(keys, stepCosts(model, by, drafting));
}

export function stepCosts(
  model: LanguageModel,
  by: ChoosingBy,
  drafting: Drafting = 'where-it-pays',
): StepCosts {
  if (drafting === 'always') return new EqualCosts();
  const known = costsOf.get(model);
  const costs = known ?? { argmax: new StepCosts(), draw: new StepCosts(), host: new StepCosts() };
  costsOf.set(model, costs);
  return costs[by];
}
