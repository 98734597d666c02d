import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ByteSource } from '../../engine/formats/byte-source.ts';
import { readShardName, type ShardName } from '../../engine/formats/shard-name.ts';
import { joinShards } from '../../engine/formats/split-gguf.ts';
import { fileSource } from './file-source.ts';

/** Opens a model's file, and its image half where one is named, for as long as `use` runs. */
export async function withModelFiles<Result>(
  path: string,
  visionPath: string | undefined,
  use: (source: ByteSource, vision?: ByteSource) => Promise<Result>,
): Promise<Result> {
  const opened: { close(): Promise<void> }[] = [];
  /** One part of a split model stands for all of them. */
  const open = async (model: string): Promise<ByteSource> => {
    const named = readShardName(basename(model));
    const paths = named ? await partsOf(model, named) : [model];
    const sources: ByteSource[] = [];
    for (const part of paths) {
      const source = await fileSource(part);
      opened.unshift(source);
      sources.push(source);
    }
    return named ? joinShards(sources, paths) : sources[0]!;
  };
  try {
    const source = await open(path);
    return await (visionPath === undefined ? use(source) : use(source, await open(visionPath)));
  } finally {
    for (const source of opened) await source.close();
  }
}

/** The parts that lie in the folder of the one that is named; which are missing, joining them says. */
async function partsOf(path: string, named: ShardName): Promise<string[]> {
  const folder = dirname(path);
  // Of a folder that cannot be read, opening the file tells best.
  const siblings = (await readdir(folder).catch(() => [])).filter(name => {
    const sibling = readShardName(name);
    return sibling?.stem === named.stem && sibling.count === named.count;
  });
  return siblings.length === 0 ? [path] : siblings.sort().map(name => join(folder, name));
}
