/** How likely a model finds what is written: of its next tokens, by its logits alone (temperature 1, no penalty). */

/** A token that could have stood there. */
export interface TokenAlternative {
  /** As it would have been written. */
  text: string;
  /** Natural logarithm of its probability. */
  logProbability: number;
}

/** One token of a text, with what the model made of it after all that stands before. */
export interface ScoredToken {
  id: number;
  /** What of the text became certain with it; empty where it is a part of a character. */
  text: string;
  /** Natural logarithm of its probability. */
  logProbability: number;
  /** 1: no other token is likelier. */
  rank: number;
  /** The likeliest other ones, best first. */
  others: TokenAlternative[];
}

/** How much of the next token's probability is on a letter. */
export interface LetterLikelihood {
  letter: string;
  /** Natural logarithm of the probability of the letter's pieces, with and without a space before it, together. */
  logProbability: number;
}
