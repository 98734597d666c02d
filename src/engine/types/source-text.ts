/** A text of the reader's own that a question is asked about: a guideline, a report, a page of a study. */

export const sourceKinds = ['pdf', 'text', 'html', 'pasted'] as const;
export type SourceKind = (typeof sourceKinds)[number];

/** A page of a file that has pages, or a passage of a text that has none. */
export interface SourcePart {
  /** From 1, as the reader counts. */
  number: number;
  text: string;
}

export interface SourceText {
  id: string;
  /** Of the file, or what it was pasted as. */
  name: string;
  kind: SourceKind;
  /** That the file has; the text may be of some of them. */
  partCount: number;
  /** In order. */
  parts: SourcePart[];
}

/** What a file was found to hold. */
export interface ReadText {
  kind: SourceKind;
  parts: SourcePart[];
  /** Pages that hold no text, as pictures of pages do. */
  emptyPages: number[];
  /** It was in no encoding that says itself, and was read as this one. */
  guessedEncoding?: 'Windows-1252';
}

/** Of all texts of one question together, in UTF-16 units: more than any model that is listed reads at once. */
export const mostSourceCharacters = 600_000;

/** Texts that one question can have. */
export const mostSources = 4;

/** Whether it has pages, or passages that were made here. */
export const hasPages = ({ kind }: Pick<SourceText, 'kind'>): boolean => kind === 'pdf';
