/** What a model has read for an answer. */
export type ReadPrompt = Pick<PromptText, 'parts' | 'ids'>;

/** The exact prompt of a question, for a reader who wants to see it. */
export interface PromptText {
  /** All parts, one after the other. */
  text: string;
  /** `special`: the template's own words, in which pieces of markup are recognised; else what somebody wrote. */
  parts: { text: string; special: boolean }[];
  /** What the model reads, a token id a position; of an image its visual tokens. */
  ids: number[];
  contextTokens: number;
  /** Earlier messages left out because they do not fit, oldest first. */
  droppedMessages: number;
  /** How the conversation was changed so that the model's own template takes it. */
  mendings: Mending[];
}

/**
 * What is done with a conversation that a template refuses. `system-into-question`: the system text stands before the first
 * question, two newlines between. `questions-joined`, `answers-joined`: neighbouring messages of one side are one, two newlines
 * between. Nothing is left out.
 */
export type Mending = 'system-into-question' | 'questions-joined' | 'answers-joined';
