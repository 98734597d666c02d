/** What the library's worker is asked with, and what it answers. Types only: both worlds read this file. */
import type { Quantisation } from '../../engine/types/quantisation.ts';

/** A file of a model on a server. */
export interface RemoteFile {
  /** The weight store's key. */
  id: string;
  /** Absolute URL. */
  url: string;
  /** Shown, and what an export is called. */
  name?: string;
  /** Where they are known before anything is asked. */
  bytes?: number;
  /** SHA-256 (hex) of the whole file. */
  sha256?: string;
  chunkBytes?: number;
  /** SHA-256 (hex) of each chunk of `chunkBytes`. */
  chunkSha256?: string[];
}

/** A file that is in the store, or on its way. */
export interface StoredFile {
  id: string;
  /** '' of a file of this device. */
  url: string;
  name?: string;
  bytes: number;
  /** Of the chunks that are there and were verified. */
  storedBytes: number;
  /** Of chunks that were still arriving: a download goes on behind them. */
  keptBytes: number;
  complete: boolean;
  /** Milliseconds since 1970. */
  savedAt: number;
}

export type LibraryPhase = 'download' | 'verify' | 'copy' | 'convert';

/** A repository of models on a server that answers as huggingface.co does. */
export interface HubRepository {
  /** Scheme and host, without a slash at the end. */
  origin: string;
  /** ORGANISATION/NAME. */
  id: string;
  /** A branch, a tag or a commit. */
  revision: string;
}

/** A GGUF file of a repository. */
export interface HubFile {
  /** From the repository's root. */
  path: string;
  bytes: number;
  /** SHA-256 (hex) of the whole file, where the hub gives it. */
  sha256?: string;
}

/** The first bytes of a file that is not stored: as much as describes it. */
export interface FileHead {
  /** Of the whole file. */
  bytes: number;
  head: Blob;
}

export interface CopyRequest {
  id: string;
  name: string;
  file: File;
  /** SHA-256 (hex) of each chunk, where a description came with the file. */
  chunkBytes?: number;
  chunkSha256?: string[];
}

/** A checkpoint as its publisher lists it, to be stored as GGUF. */
export interface ConvertRequest {
  /** The weight store's keys. */
  textId: string;
  visionId?: string;
  /** What the files are called in an export. */
  textName: string;
  visionName?: string;
  name: string;
  type: Quantisation;
  from: CheckpointOrigin;
}

/** Picked files of one folder, with the paths that the browser gives them; or the folder that holds `config.json` on a server. */
export type CheckpointOrigin =
  | { kind: 'files'; files: File[] }
  /** Absolute, with a slash at its end. */
  | { kind: 'address'; url: string };

/** What a checkpoint is, by its config.json. */
export interface CheckpointReport {
  /** GGUF's name for it. */
  architecture: string;
  /** It has an image half. */
  seesImages: boolean;
}

export interface VerifyRequest {
  /** The weight store's key. */
  id: string;
  /** SHA-256 (hex) of the whole file, where it is known. */
  sha256: string | undefined;
}

/** A file of this device to be saved elsewhere, with what another Bedside checks it by. */
export interface ExportedFile {
  /** Read from the disk only as it is written elsewhere. */
  blob: Blob;
  chunkBytes: number;
  chunkSha256: string[];
}
