import { BedsideError } from '../../engine/errors.ts';
import { type ByteSource, checkRange } from '../../engine/formats/byte-source.ts';
import { parseGguf } from '../../engine/formats/gguf.ts';
import { joinShards } from '../../engine/formats/split-gguf.ts';
import { isVisionFile } from '../../engine/models/encoder/encoder-config.ts';
import { sentence } from '../../engine/sentence.ts';
import type { WeightStore } from '../../storage/weight-store.ts';
import { fileSource } from '../library/file-source.ts';
import type { DescribedSource, HeadSource } from './model-source.ts';

/**
 * The files of a model that are on this device, one or two, as they were named.
 * @throws BedsideError `no-model` where one is not, `part-missing`, `part-mismatch`
 */
export async function openModelFiles(
  { source, vision }: { source: DescribedSource; vision?: DescribedSource },
  weights: WeightStore,
): Promise<ByteSource[]> {
  const opened: ByteSource[] = [];
  for (const each of vision ? [source, vision] : [source]) opened.push(await openSource(each, weights));
  return opened;
}

/** Of two picked files either may be the image half. */
export async function tellHalvesApart([first, second]: readonly ByteSource[]): Promise<{
  text: ByteSource;
  vision?: ByteSource;
}> {
  if (!first) throw new TypeError('a model has a file');
  if (!second) return { text: first };
  const file = await parseGguf(first).catch(() => undefined);
  return file && isVisionFile(file) ? { text: second, vision: first } : { text: first, vision: second };
}

/** The bytes of a file of this device. */
async function openSource(source: DescribedSource, weights: WeightStore): Promise<ByteSource> {
  if (source.kind === 'split') {
    const parts: ByteSource[] = [];
    for (const part of source.parts) parts.push(await openSource(part, weights));
    const names = source.parts.map(part => (part.kind === 'file' ? part.file.name : undefined));
    return joinShards(parts, names);
  }
  if (source.kind === 'file') return fileSource(source.file);
  if (source.kind === 'head') return headSource(source);
  const stored = await weights.openFile(source.id, source.chunkSha256);
  if (stored) return stored;
  throw new BedsideError(
    'no-model',
    sentence`model-not-on-device: This model is not on this device yet.`,
    'Choose it in the list of models: it is fetched first, then loaded.',
    source.id,
  );
}

function headSource({ bytes, head, name }: HeadSource): ByteSource {
  return {
    bytes,
    name,
    async read(offset, length) {
      checkRange({ bytes: head.size }, offset, length);
      return new Uint8Array(await head.slice(offset, offset + length).arrayBuffer());
    },
  };
}
