/**
 * What one submit may take. Windows ends a submit after two seconds; this leaves room for a device that slows down and
 * for a batch of more rows than the last, and a stop is heard soon.
 */
const budgetMs = 300;

/**
 * How many layers go into one submit: one at first, because nothing is known of the device, then at most twice as many
 * each time, as far as the last submit says that they fit the budget.
 */
export class SubmitPace {
  readonly #mostLayers: number;
  #layers = 1;

  constructor(mostLayers: number) {
    this.#mostLayers = mostLayers;
  }

  /** Layers of the next submit. */
  get layers(): number {
    return this.#layers;
  }

  /** Takes note that a submit of so many layers, which may be fewer than `layers`, took so long. */
  note(layers: number, ms: number): void {
    const fitting = Math.floor((budgetMs * layers) / ms);
    this.#layers = Math.max(1, Math.min(2 * this.#layers, fitting, this.#mostLayers));
  }
}
