import type { DocumentReader, ReadText } from '../../client/index.ts';

/** Reads no files: what each holds is told beforehand, by its name. */
export class FakeDocumentReader implements DocumentReader {
  readonly known = new Map<string, ReadText | Error>();

  async readDocument(_: Blob, name: string): Promise<ReadText> {
    const found = this.known.get(name);
    if (!found) throw new Error('a test asked for what it had not told of');
    if (found instanceof Error) throw found;
    return found;
  }
}
