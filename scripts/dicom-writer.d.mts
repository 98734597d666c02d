export interface WrittenElement {
  tag: number;
  vr: string;
  value?: string | number | number[] | Uint8Array;
  items?: WrittenElement[][];
  /** Of pixels that are encapsulated, a frame each. */
  fragments?: Uint8Array[];
}
export const explicitLittleEndian: string;
export const runLengthEncoded: string;
export function writeDicom(
  elements: readonly WrittenElement[],
  transferSyntax?: string,
): Uint8Array<ArrayBuffer>;
export function encodeRunLength(words: ArrayLike<number>, width: number): Uint8Array;
