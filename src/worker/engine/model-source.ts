/** Where the bytes of a model come from. */
import type { RemoteFile } from '../library/library-messages.ts';

/** A file of a model on a server; the engine reads it from the weight store, where the library puts it first. */
export interface UrlSource extends RemoteFile {
  kind: 'url';
}

/** Where the bytes of a file come from. */
export type FileSource = UrlSource | { kind: 'file'; file: File };

/** The parts of a model that was split (llama.cpp's gguf-split), in any order; read in place as the one file they were. */
export interface SplitSource<Part = FileSource> {
  kind: 'split';
  parts: readonly Part[];
}

/** Where a model's bytes come from. */
export type ModelSource = FileSource | SplitSource;

/** The beginning of a model that is not stored: as much as describes it. */
export interface HeadSource {
  kind: 'head';
  /** What the file is called. */
  name?: string;
  /** Of the whole file. */
  bytes: number;
  head: Blob;
}

/** What is not on this device is replaced by its beginning. */
export type DescribedSource = FileSource | HeadSource | SplitSource<FileSource | HeadSource>;
