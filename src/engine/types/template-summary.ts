/** What trial renderings show of the template that a model file brings. */
export interface TemplateSummary {
  /** By its markup, as far as it is known, e.g. "ChatML". A hint. */
  kind: string | null;
  characters: number;
  /** Why it cannot be used; absent of one that can. Of one that cannot, nothing below is known. */
  fault?: TemplateFault;
  /**
   * `own`: a system message has its own place. `folded`: the template writes it into the first question. `none`: the template
   * takes none, and Bedside puts its text before the first question.
   */
  system: 'own' | 'folded' | 'none';
  /** What the template says by itself where no system message is given; one that is given takes its place. */
  defaultSystem?: string;
  /** Whether earlier turns can be in a prompt: a template may know a single question. */
  takesHistory: boolean;
  /** Whether the words that open an answer are written when asked for, always or never. */
  generationPrompt: 'asked' | 'always' | 'never';
  /** An answer begins inside a thought: the prompt ends with an open `<think>`. */
  opensThought: boolean;
  /** Of a template by which thinking can be switched on and off. */
  thinking?: ThinkingSwitch;
  /** The template writes the thoughts of earlier answers into a prompt, where others leave them out. */
  keepsThoughts?: boolean;
  /** The piece that follows an answer; it ends one. */
  endPiece?: string;
  /** Of a template that marks turns by words: what follows an answer, before which one is cut. */
  stopString?: string;
}

/** The variable of a template that says whether the model thinks before it answers, with its values. */
export interface ThinkingSwitch {
  variable: string;
  on: string | boolean;
  off: string | boolean;
  /** What the template does where nobody says. */
  isOnByDefault: boolean;
}

/** An error as data, of the one code that templates have. */
export interface TemplateFault {
  code: 'unusable-template';
  reason: string;
  message: string;
  values: Readonly<Record<string, string | number>>;
  advice: string;
  cause?: string;
}
