import { ThoughtTracker } from '../templates/thought.ts';

/** What has to happen now: the thought is closed, or the answer ends at its limit. */
export type BudgetSpent = 'thought' | 'answer';

/** Counts the tokens of an answer's thought and of the answer itself, each against its own limit. By tokens alone: never by time. */
export class ThoughtBudget {
  readonly #tracker = new ThoughtTracker();
  #thoughtLeft: number;
  #answerLeft: number;

  constructor(thoughtTokens: number, answerTokens: number) {
    this.#thoughtLeft = thoughtTokens;
    this.#answerLeft = answerTokens;
  }

  /** Text that is there before a token is chosen: what the prompt opened, or what closes a thought. */
  note(text: string): void {
    this.#tracker.push(text);
  }

  /** A token that was written before this run: it counts where it was thought. */
  begun(piece: string): void {
    this.#tracker.push(piece);
    if (this.#tracker.isInside) this.#thoughtLeft--;
  }

  /** The next token, by the text that became certain with it. */
  push(piece: string): BudgetSpent | undefined {
    this.#tracker.push(piece);
    if (this.#tracker.isInside) return --this.#thoughtLeft <= 0 ? 'thought' : undefined;
    return --this.#answerLeft <= 0 ? 'answer' : undefined;
  }

  get isInside(): boolean {
    return this.#tracker.isInside;
  }

  /** What closes the thought; only inside it. */
  get closing(): string {
    return this.#tracker.closing;
  }
}

/**
 * How long a thought may be behind a prompt: as long as is wished, where the answer then still has its room; else at most half of
 * the room there is.
 */
export function thoughtRoom(thoughtTokens: number, answerTokens: number, room: number): number {
  return Math.max(1, Math.min(thoughtTokens, Math.max(room - answerTokens, Math.floor(room / 2))));
}
