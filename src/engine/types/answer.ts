/** What was written of an answer before it was cut off. */
export interface BegunAnswer {
  text: string;
  /** The tokens it was made of: with them the answer goes on exactly. Those of another model are noticed and not used. */
  tokenIds: number[];
}

/** Why an answer ended. */
export const stopReasons = [
  'end',
  'stop-string',
  'max-tokens',
  'context-full',
  'repetition',
  'aborted',
] as const;

export type StopReason = (typeof stopReasons)[number];

export interface Usage {
  promptTokens: number;
  /** Prompt tokens that were still in the KV cache from the turn before. */
  cachedTokens: number;
  generatedTokens: number;
  prefillMs: number;
  timeToFirstTokenMs: number;
  decodeMs: number;
  /** Decode speed over the tokens after the first; 0 when fewer than two were generated. */
  tokensPerSecond: number;
  /**
   * Tokens that a step of the model gave, over those after the first: above 1 where drafts proved right. Absent in answers of
   * earlier versions.
   */
  tokensPerStep?: number;
}

/** How much of a model's limit a question takes. */
export interface QuestionMeasure {
  tokens: number;
  /** False where only a part of a very long text was counted. */
  isExact: boolean;
  contextTokens: number;
}
