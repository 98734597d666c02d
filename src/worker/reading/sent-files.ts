/** A file by any name of its own; itself only where it is sent the first time. */
export interface NamedFile {
  id: string;
  file?: Blob | undefined;
}

/** Files that the page has sent: each crosses once, and is called by its name then. A scroll asks for a dozen with each step. */
export class SentFiles {
  readonly #files = new Map<string, Blob>();

  /** The request with its file. */
  complete<Request extends NamedFile>(request: Request): Request & { file: Blob } {
    const { id, file = this.#files.get(id) } = request;
    if (!file) throw new Error('a file that was not sent');
    this.#files.set(id, file);
    return { ...request, file };
  }

  clear(): void {
    this.#files.clear();
  }
}
