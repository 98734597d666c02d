import type { SamplingSettings } from '../types/sampling.ts';
import type { Drafting } from './drafts.ts';
import type { RepetitionDetector } from './repetition-detector.ts';

export interface GenerateOptions {
  sampling: SamplingSettings;
  maxTokens: number;
  /** Tokens of this answer that are part of the prompt: each has taken its number from the seeded generator. */
  drawsBefore?: number;
  /** Default: `where-it-pays`. The text is the same either way, up to the order of sums. */
  drafting?: Drafting | undefined;
  /** Ids that end the answer; they are not part of it. */
  stopIds: ReadonlySet<number>;
  /** `performance.now()` when the question came; the time to the first token counts from then. Default: now. */
  startedAt?: number;
  signal?: AbortSignal;
  onPrefill?: (done: number, total: number) => void;
  /** Called for each token in order; returning false ends the answer (a stop string). */
  onToken?: (id: number) => boolean;
  /** Sees each token and ends the answer where it is a loop. Default: an answer may repeat itself. */
  repetition?: RepetitionDetector;
}
