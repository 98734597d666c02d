import type { ByteSource } from '../engine/formats/byte-source.ts';
import { fileSource } from './file-source.ts';

/** Opens a model's file, and its image half where one is named, for as long as `use` runs. */
export async function withModelFiles<Result>(
  path: string,
  visionPath: string | undefined,
  use: (source: ByteSource, vision?: ByteSource) => Promise<Result>,
): Promise<Result> {
  const source = await fileSource(path);
  try {
    if (visionPath === undefined) return await use(source);
    const vision = await fileSource(visionPath);
    try {
      return await use(source, vision);
    } finally {
      await vision.close();
    }
  } finally {
    await source.close();
  }
}
