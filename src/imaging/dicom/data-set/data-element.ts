/** Where an element's value lies. */
export interface DataElement {
  tag: number;
  /** Empty where the file does not say it: implicit VR. */
  vr: string;
  /** Of the value, in bytes from the beginning of the data set's bytes. */
  start: number;
  end: number;
  /** A sequence, or fragments, up to a delimiter. */
  isUndefined: boolean;
  /** The value is longer than what is left of the file, and was cut to that. */
  isCut: boolean;
}

/** How a data set is written. */
export interface Encoding {
  isExplicit: boolean;
  isLittle: boolean;
}

/** Bytes of a data set, and what was found to be odd in them. */
export interface DataSource {
  bytes: Uint8Array;
  view: DataView;
  /** They are a file's first bytes: up to its pixels, which are not looked at. Reading beyond them is a RangeError. */
  isBeginning: boolean;
  warn(warning: ParseWarning): void;
}

export type ParseWarning =
  | 'odd-length'
  | 'unknown-vr'
  | 'duplicate-element'
  | 'trailing-bytes'
  | 'missing-delimiter';
