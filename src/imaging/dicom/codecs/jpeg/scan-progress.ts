import type { FrameHeader, Scan } from './jpeg-stream.ts';

/** Which scans of a frame were decoded: by component, to which bit each coefficient is known. */
export class ScanProgress {
  readonly #lowest = new Map<number, Uint8Array>();

  note({ components, spectralStart, spectralEnd, low }: Scan): void {
    for (const { index } of components) {
      const known = this.#lowest.get(index) ?? new Uint8Array(64).fill(255);
      known.fill(low, spectralStart, spectralEnd + 1);
      this.#lowest.set(index, known);
    }
  }

  /** A progressive stream that has no end must have all of its coefficients: else it was cut between two scans. */
  isWhole({ process, components }: FrameHeader, hasEnd: boolean): boolean {
    const isCut = process === 'progressive' && !hasEnd;
    return components.every((_, index) => {
      const known = this.#lowest.get(index);
      return known !== undefined && (!isCut || known.every(bit => bit === 0));
    });
  }
}
