import type { Budget } from './budget.ts';
import { outputTooLarge } from './template-errors.ts';
import { concat, joinAll, type Text } from './text.ts';

/** Where a body writes: the prompt itself, or what a macro or a block captures. */
export class Output {
  readonly #budget: Budget;
  readonly #limit: number;
  readonly #parts: Text[] = [];
  #length = 0;

  /** @param limit in UTF-16 units, of the prompt */
  constructor(budget: Budget, limit = Number.POSITIVE_INFINITY) {
    this.#budget = budget;
    this.#limit = limit;
  }

  write(text: Text): void {
    if (text.length === 0) return;
    this.#length += text.length;
    if (this.#length > this.#limit) throw outputTooLarge(this.#limit);
    this.#budget.items(1);
    this.#parts.push(text);
  }

  captured(): Text {
    return concat(this.#budget, this.#parts);
  }

  /** Not counted: its length has a limit of its own. */
  whole(): Text {
    return joinAll(this.#parts);
  }
}
