import { createHash } from 'node:crypto';
import catalogueText from '../../../public/models/catalogue.json?raw';
import { readCatalogue } from '../../client/catalogue/catalogue.ts';
import { claimFile, knownSizes } from '../../client/catalogue/claim-file.ts';
import type { ByteSource } from '../../engine/formats/byte-source.ts';
import type { ModelIdentity } from '../../engine/types/model-identity.ts';

const readBytes = 4 * 2 ** 20;

/** As which model of the list that comes with the page a file is recognised, by the same rules as there. */
export interface Recognition {
  by: 'hash' | 'looks like' | 'none';
  /** Of the models; one where a hash proves it, none where nothing does. */
  names: string[];
  /** Of the file (hex), where it was worth computing: it is as long as one that is known. */
  sha256?: string;
}

export async function recogniseModel(source: ByteSource, identity: ModelIdentity): Promise<Recognition> {
  // Where the page is does not matter: nothing is fetched.
  const catalogue = readCatalogue(JSON.parse(catalogueText), 'https://bedside.invalid/');
  const sha256 = knownSizes(catalogue).includes(source.bytes) ? await hashOf(source) : undefined;
  const claim = claimFile(
    { identity: { ...identity, ...(sha256 === undefined ? {} : { sha256: [sha256] }) } },
    catalogue,
  );
  const entries = claim.by === 'hash' ? [claim.entry] : claim.by === 'none' ? [] : claim.entries;
  return {
    by: claim.by,
    names: entries.map(({ name }) => name),
    ...(sha256 === undefined ? {} : { sha256 }),
  };
}

async function hashOf({ bytes, read }: ByteSource): Promise<string> {
  const hash = createHash('sha256');
  for (let at = 0; at < bytes; at += readBytes) hash.update(await read(at, Math.min(readBytes, bytes - at)));
  return hash.digest('hex');
}
