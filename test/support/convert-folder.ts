import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConvertedType } from '../../src/engine/convert/choose-type.ts';
import { streamGguf } from '../../src/engine/convert/gguf-stream.ts';
import { planConversion } from '../../src/engine/convert/plan-conversion.ts';
import { bytesSource } from '../../src/engine/formats/byte-source.ts';

/** The GGUF file that a checkpoint's folder becomes. */
export async function convertFolder(folder: string, type: ConvertedType): Promise<Uint8Array> {
  const open = async (name: string) => {
    const path = join(folder, name);
    return existsSync(path) ? bytesSource(readFileSync(path)) : undefined;
  };
  const { text } = await planConversion({ open }, { name: 'Test', type, withVision: false });
  const bytes = new Uint8Array(text.bytes);
  let at = 0;
  for await (const piece of streamGguf(text)) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
