/** What a compressed frame is to become, as the file says. A codec refuses another size before it allocates. */
export interface WantedImage {
  columns: number;
  rows: number;
  samples: number;
}

/** A decoded frame: row by row, a pixel's samples beside one another. */
export interface CodedImage {
  data: Uint8Array | Uint16Array | Int16Array | Int32Array;
  /** Of a sample, as the stream says. */
  bits: number;
  /** What three samples mean where the stream itself decides it. */
  space?: 'rgb' | 'ybr';
  /** That is not what the file says they mean. */
  isMismatch?: boolean;
}

/** Why a stream cannot be decoded. Those who know the file put it in words. */
export class CodecError extends Error {
  readonly kind: 'damaged' | 'unsupported' | 'other-size';
  /** With `other-size`: what the stream holds. */
  readonly found: { columns: number; rows: number } | undefined;

  constructor(kind: CodecError['kind'], message: string, found?: { columns: number; rows: number }) {
    super(message);
    this.name = 'CodecError';
    this.kind = kind;
    this.found = found;
  }
}

export function damaged(message: string): CodecError {
  return new CodecError('damaged', message);
}

/** `what` completes "stored as ...". */
export function unsupported(what: string): CodecError {
  return new CodecError('unsupported', what);
}

/** Holds a stream's own header to the file's. */
export function requireSize(wanted: WantedImage, columns: number, rows: number, components: number): void {
  if (columns !== wanted.columns || rows !== wanted.rows)
    throw new CodecError('other-size', 'another size', { columns, rows });
  if (components !== wanted.samples) throw damaged(`${components} components instead of ${wanted.samples}`);
}
