/** What the store of weights does for those who use it, file by file; create-weight-store.ts makes the one over IndexedDB. */
import type { ByteSource } from '../engine/formats/byte-source.ts';
import type { ByteStream } from './chunk-stream.ts';
import type { ChunkWriter } from './chunk-writer.ts';

export interface FileLayout {
  /** Where it came from; '' of a file of this device. */
  url: string;
  bytes: number;
  /** 8 to 64 MiB; 16 MiB unless said otherwise. */
  chunkBytes?: number;
  /** SHA-256 (hex) of each chunk; what does not match is not stored. */
  expectedSha256?: string[];
  name?: string;
  /** What the server calls this version of the file. */
  version?: string;
}

export interface SaveFileOptions extends FileLayout {
  signal?: AbortSignal;
  onProgress?: (doneBytes: number, totalBytes: number) => void;
}

export interface WeightFile {
  id: string;
  url: string;
  bytes: number;
  chunkBytes: number;
  /** Of the chunks that are there and were verified. */
  storedBytes: number;
  /** Of chunks that were arriving when the file was last heard of: a download goes on behind them. */
  keptBytes: number;
  complete: boolean;
  savedAt: number;
  name?: string;
  version?: string;
}

export interface VerifyOptions {
  /** Of the whole file (hex), where it is known. */
  sha256?: string;
  signal?: AbortSignal;
  onProgress?: (doneBytes: number, totalBytes: number) => void;
}

export interface WeightStore {
  /**
   * Where a file is, or goes on, being stored. What is there of another version of it is deleted first. Rejects with
   * 'invalid-request', 'storage-full' or 'storage-unavailable'.
   */
  begin(id: string, layout: FileLayout): Promise<ChunkWriter>;
  /**
   * Stores a file from a stream of pieces of any size. Chunks already stored with the right hash are not
   * written again. Rejects with 'wrong-hash', 'network' (the stream broke or ended early), 'storage-full',
   * 'storage-unavailable' or 'aborted'; the chunks written so far are kept in every case.
   */
  saveFile(id: string, stream: ByteStream, options: SaveFileOptions): Promise<void>;
  /**
   * The bytes of a complete file; undefined when it is not stored, or not as `expectedSha256` says. A read
   * rejects with 'wrong-hash' when the stored copy is damaged, which is then no longer complete.
   */
  openFile(id: string, expectedSha256?: string[]): Promise<ByteSource | undefined>;
  /**
   * Reads a file whole and hashes it. Chunks that are damaged no longer count, nor does the file as complete; resolves
   * with their indices. Where every chunk is sound but the whole is not the file with that hash, nothing of it counts and it rejects with
   * 'wrong-hash'.
   */
  verifyFile(id: string, options?: VerifyOptions): Promise<number[]>;
  /**
   * A stored chunk, compared with its checksum; undefined where it is damaged, and then it no longer counts. Rejects with
   * 'aborted' where the file was deleted meanwhile.
   */
  readStoredChunk(id: string, index: number): Promise<Uint8Array | undefined>;
  /** A complete file as one Blob, read from the disk only as it is used; undefined when it is not stored. */
  fileBlob(id: string): Promise<Blob | undefined>;
  /** SHA-256 (hex) of every chunk of a complete file. */
  chunkHashes(id: string): Promise<string[] | undefined>;
  /** Indices of the chunks that are stored and were verified: where a download can go on. */
  presentChunks(id: string): Promise<number[]>;
  listFiles(): Promise<WeightFile[]>;
  deleteFile(id: string): Promise<void>;
}
