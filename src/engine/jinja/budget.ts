import { tooLongRunning } from './template-errors.ts';

/**
 * What a template may use: strangers' programs have no bound of their own, and a worker cannot be relied on to end one that takes
 * all memory. Counted, not timed, so that a template that works on one machine works on all. What something will cost is asked
 * for before it is made.
 */
export class Budget {
  #steps: number;
  #characters: number;
  #depth = 0;

  /** @param inputCharacters of the template and of everything it is given */
  constructor(inputCharacters: number) {
    this.#steps = Math.min(baseSteps + stepsPerInput * inputCharacters, mostSteps);
    this.#characters = baseCharacters + charactersPerInput * inputCharacters;
    if (this.#characters > mostCharacters) this.#characters = Math.max(mostCharacters, 4 * inputCharacters);
  }

  /** Evaluations, iterations, and other work of about that size. */
  step(count = 1): void {
    this.#steps -= count;
    if (!(this.#steps >= 0)) throw tooLongRunning('too many steps');
  }

  /** Characters about to be created, in UTF-16 units; those of intermediate values count too. */
  characters(count: number): void {
    this.#characters -= count;
    if (!(this.#characters >= 0)) throw tooLongRunning('too much text');
    this.#steps -= count / charactersPerStep;
  }

  /** Items of lists, dictionaries and iterators about to be created. */
  items(count: number): void {
    this.characters(count * charactersPerItem);
    this.step(count / itemsPerStep);
  }

  /** Reading through a text, in search of another of `needle` characters. */
  scan(characters: number, needle = 1): void {
    this.step((characters / charactersPerStep) * (1 + needle / 256));
  }

  /** @throws where nesting would endanger the stack, which no engine lets a program ask for */
  enter(): void {
    this.#depth += 1;
    if (this.#depth > deepest) throw tooLongRunning('nested too deeply');
  }

  leave(): void {
    this.#depth -= 1;
  }
}

/** Published templates take at most 50 thousand for 400 messages. */
const baseSteps = 1_500_000;
const stepsPerInput = 10;
const mostSteps = 8_000_000;
const baseCharacters = 16 * 1024 * 1024;
const charactersPerInput = 250;
const mostCharacters = 96 * 1024 * 1024;
const charactersPerItem = 16;
const itemsPerStep = 4;
const charactersPerStep = 64;
const deepest = 300;
