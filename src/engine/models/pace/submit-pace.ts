/**
 * What one submit may take. Windows ends a submit after two seconds, and a page cannot be drawn meanwhile; a stop is heard between
 * two submits.
 */
const submitMs = 250;

/** What is expected of all that was submitted and is not done: two submits, so that the device has no need to wait for the host. */
export const outstandingMs = 2 * submitMs;

/** What a layer may be expected to take where a step is given more tokens than the last: in between, so that it may be wrong. */
const mostLayerMs = 350;

/** More than any model has. */
const mostLayers = 1024;

/** What decides how long a layer takes. */
export interface LayerWork {
  tokens: number;
  /** The most that one of them attends to. */
  keys: number;
}

/**
 * How many layers go into one submit: one at first, because nothing is known of the device, then at most twice as many
 * each time, as far as what was measured last says that they fit.
 */
export class SubmitPace {
  readonly #fewestTokens: number;
  readonly #keysLikeProducts: number;
  readonly #firstTokens: number;
  #layers = 1;
  #known: { tokens: number; keys: number; msPerLayer: number } | undefined;

  /**
   * @param fewestTokens of a step, on however slow a device
   * @param keysLikeProducts so many keys take at most as long to attend to as the products of a layer
   * @param firstTokens of the first step, of which nothing is known yet, at most
   */
  constructor(
    fewestTokens: number,
    keysLikeProducts = Number.POSITIVE_INFINITY,
    firstTokens = Number.POSITIVE_INFINITY,
  ) {
    this.#fewestTokens = fewestTokens;
    this.#keysLikeProducts = keysLikeProducts;
    this.#firstTokens = firstTokens;
  }

  /** Layers of the next submit. */
  layers(work: LayerWork): number {
    return Math.max(1, Math.min(this.#layers, Math.floor(submitMs / this.layerMs(work))));
  }

  /** What a layer takes at most, as far as can be told from the last one; infinite before there was one. */
  layerMs({ tokens, keys }: LayerWork): number {
    if (!this.#known) return Number.POSITIVE_INFINITY;
    const last = this.#known;
    // Fewer tokens or keys take no longer, and may take as long: a workgroup has places for many. More take no longer than
    // as many times the last.
    return last.msPerLayer * Math.ceil(tokens / last.tokens) * this.#ofKeys(last.keys, keys);
  }

  /**
   * Tokens of the next step, at most so many: where one layer of them would be too long for a submit, half, or half of that. The
   * first measurement may be far too long, as with what a driver puts off until then: then they grow again, step by step.
   */
  tokens(most: number, keys: number): number {
    if (!this.#known) return Math.min(most, this.#firstTokens);
    const { tokens: lastTokens, msPerLayer, keys: lastKeys } = this.#known;
    let tokens = most;
    for (; tokens > this.#fewestTokens; tokens /= 2) {
      const share = (msPerLayer * tokens) / lastTokens;
      if (tokens < lastTokens && share * this.#ofKeys(lastKeys, keys) <= submitMs) break;
      if (tokens >= lastTokens && this.layerMs({ tokens, keys }) <= mostLayerMs) break;
    }
    return tokens;
  }

  /** Whether a layer has proved to take longer than all that may be outstanding, and would not with fewer tokens. */
  isTooMuch(work: LayerWork): boolean {
    if (!this.#known || this.#known.tokens > work.tokens || work.tokens <= this.#fewestTokens) return false;
    return this.layerMs(work) > outstandingMs;
  }

  /** Takes note that a submit of so many layers, which may be fewer than `layers`, took so long. */
  note(layers: number, { tokens, keys }: LayerWork, ms: number): void {
    const msPerLayer = ms / layers;
    this.#known = { tokens, keys, msPerLayer };
    const fitting = Math.floor(submitMs / msPerLayer);
    this.#layers = Math.max(1, Math.min(2 * this.#layers, fitting, mostLayers));
  }

  #ofKeys(last: number, keys: number): number {
    if (keys <= last || this.#keysLikeProducts === Number.POSITIVE_INFINITY) return 1;
    return (this.#keysLikeProducts + keys) / (this.#keysLikeProducts + last);
  }
}
