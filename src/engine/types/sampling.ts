export interface SamplingSettings {
  /** 0 is greedy: the most likely token every time, ties to the lowest id. */
  temperature: number;
  /** Keep the k most likely tokens; 0 keeps all. */
  topK: number;
  /** Keep the smallest set whose probability reaches p; 1 keeps all. */
  topP: number;
  /** Drop tokens less likely than this fraction of the most likely one; 0 keeps all. */
  minP: number;
  /** Divide (or multiply, when negative) the logits of tokens seen recently; 1 does nothing. */
  repetitionPenalty: number;
  /** Same seed, same model, same device: same answer. */
  seed: number;
}

export const greedySampling: SamplingSettings = {
  temperature: 0,
  topK: 0,
  topP: 1,
  minP: 0,
  repetitionPenalty: 1,
  seed: 0,
};
