import { FileHash } from '../../storage/file-hash.ts';
import { mebibyte } from '../../storage/weight-manifest.ts';
import { fileSource } from '../library/file-source.ts';
import type { DescribedSource, FileSource, HeadSource } from './model-source.ts';

const readBytes = 4 * mebibyte;

/**
 * SHA-256 (hex) of a file, or of each of its parts in order; undefined where it is not known of all. What the library fetched it
 * has compared with the hash that it was given. A picked file is read whole for it, and only where it is as long as one that is
 * known by its hash: of every other the hash would say nothing.
 */
export async function knownHashes(
  source: DescribedSource,
  knownSizes: readonly number[],
): Promise<string[] | undefined> {
  const hashes: string[] = [];
  for (const part of source.kind === 'split' ? source.parts : [source]) {
    const hash = await knownHash(part, knownSizes);
    if (hash === undefined) return undefined;
    hashes.push(hash);
  }
  return hashes;
}

async function knownHash(
  source: FileSource | HeadSource,
  knownSizes: readonly number[],
): Promise<string | undefined> {
  if (source.kind === 'head') return undefined;
  if (source.kind === 'url') return source.sha256?.toLowerCase();
  const { file } = source;
  if (!knownSizes.includes(file.size)) return undefined;
  const { read } = fileSource(file);
  const hash = new FileHash();
  for (let at = 0; at < file.size; at += readBytes) {
    await hash.update(await read(at, Math.min(readBytes, file.size - at)));
  }
  return hash.digest();
}
