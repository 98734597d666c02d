/** What an answer is made of. `raw` is the text as the model wrote it; together they are the whole of it. */
export type Inline =
  | { type: 'text'; raw: string; text: string }
  | { type: 'strong' | 'em' | 'del'; raw: string; children: Inline[] }
  | { type: 'code'; raw: string; text: string }
  /** LaTeX, between its delimiters. */
  | { type: 'formula'; raw: string; tex: string; isDisplay: boolean }
  | { type: 'break'; raw: string }
  | { type: 'check'; raw: string; isChecked: boolean }
  /** Put in by whoever shows the answer; it has no text. */
  | { type: 'mark'; raw: string; mark: number }
  | { type: 'image'; raw: string; text: string }
  /** Without an address while the model is still writing it. */
  | { type: 'link'; raw: string; url: string | null; children: Inline[] };

/** The lines of its parent that a block takes, the last one excluded. */
interface Lines {
  start: number;
  end: number;
}

export type Align = 'left' | 'center' | 'right' | null;

export interface Paragraph extends Lines {
  type: 'paragraph';
  inlines: Inline[];
}

export interface Heading extends Lines {
  type: 'heading';
  depth: number;
  inlines: Inline[];
}

export interface Code extends Lines {
  type: 'code';
  text: string;
  language: string | undefined;
}

export interface Quote extends Lines {
  type: 'quote';
  blocks: Block[];
}

export interface ListItem {
  /** As it was written: "-", "3.", "4)". */
  marker: string;
  /** The marker is part of what is said: "- 3 mmol/L", "+ ketones". */
  isSign: boolean;
  isTask: boolean;
  blocks: Block[];
}

export interface List extends Lines {
  type: 'list';
  isOrdered: boolean;
  /** Its items are set apart by blank lines. */
  isLoose: boolean;
  items: ListItem[];
}

export interface Table extends Lines {
  type: 'table';
  align: Align[];
  header: Inline[][];
  rows: TableRow[];
}

/** The cells of a row, or the row as it was written where it is not one of this table's. */
export type TableRow = { cells: Inline[][] } | { text: Inline[] };

export interface Rule extends Lines {
  type: 'rule';
}

/** On lines of its own. */
export interface DisplayFormula extends Lines {
  type: 'formula';
  /** With its delimiters, as it was written. */
  source: string;
  tex: string;
  /** A mark of punctuation behind it. */
  after: string;
}

/** Text that is shown exactly as it was written. */
export interface Plain extends Lines {
  type: 'plain';
}

export type Block = Paragraph | Heading | Code | Quote | List | Table | Rule | DisplayFormula | Plain;

/** A block of the answer itself. */
export type TopBlock = Block & {
  raw: string;
  /** The model is still writing it, and what it began counts as finished. */
  isOpen: boolean;
};
