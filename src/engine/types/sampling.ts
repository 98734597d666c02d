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
  /** Of prompt and answer, the last tokens that the penalty looks back on; 0 looks back on none. */
  repetitionWindow: number;
  /** Same seed, same model, same device: same answer. */
  seed: number;
}

export const greedySampling: SamplingSettings = {
  temperature: 0,
  topK: 0,
  topP: 1,
  minP: 0,
  repetitionPenalty: 1,
  repetitionWindow: 64,
  seed: 0,
};

/** For a model that nobody here knows: varied a little, without what is unlikely, held off from repeating itself. */
export const mildSampling: SamplingSettings = {
  ...greedySampling,
  temperature: 0.7,
  minP: 0.05,
  repetitionPenalty: 1.05,
};

/** What a model's file recommends (`general.sampling.*`). */
export interface FileSampling {
  /** Within their ranges; what the file does not say is absent. */
  settings: Partial<SamplingSettings>;
  /** What it says and is not done, each as "key value", e.g. "mirostat 2". */
  notFollowed: string[];
}
