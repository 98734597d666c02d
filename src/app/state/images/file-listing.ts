import type { PickedFile } from '../../../client/index.ts';

/** Files as they become known: a folder is walked through while the first of it are read. */
export class FileListing {
  readonly files: PickedFile[] = [];
  #isWhole = false;
  #waiting: (() => void)[] = [];

  static of(files: Iterable<PickedFile>): FileListing {
    const listing = new FileListing();
    listing.add([...files]);
    listing.end();
    return listing;
  }

  /** No more will come. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  add(files: readonly PickedFile[]): void {
    for (const file of files) this.files.push(file);
    this.#tell();
  }

  end(): void {
    this.#isWhole = true;
    this.#tell();
  }

  /** Resolves with the next files, or with the end. */
  change(): Promise<void> {
    return this.#isWhole ? Promise.resolve() : new Promise(resolve => this.#waiting.push(resolve));
  }

  #tell(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const tell of waiting) tell();
  }
}
