import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConvertedType } from '../../src/engine/convert/choose-type.ts';
import { type GgufPlan, streamGguf } from '../../src/engine/convert/gguf-stream.ts';
import { planConversion } from '../../src/engine/convert/plan-conversion.ts';
import { bytesSource } from '../../src/engine/formats/byte-source.ts';

/** The GGUF file that a checkpoint's folder becomes. */
export async function convertFolder(folder: string, type: ConvertedType): Promise<Uint8Array> {
  const { text } = await planFolder(folder, type, false);
  return writeGguf(text);
}

/** The two files that a checkpoint's folder becomes of a model that sees images. */
export async function convertBoth(
  folder: string,
  type: ConvertedType,
): Promise<{ text: Uint8Array; vision: Uint8Array }> {
  const { text, vision } = await planFolder(folder, type, true);
  return { text: await writeGguf(text), vision: await writeGguf(vision!) };
}

/** `changed`: files of the folder that read otherwise, or are not there. */
export function planFolder(
  folder: string,
  type: ConvertedType,
  withVision: boolean,
  changed: Readonly<Record<string, unknown>> = {},
) {
  const open = async (name: string) => {
    if (Object.hasOwn(changed, name)) {
      const value = changed[name];
      return value === undefined ? undefined : bytesSource(Buffer.from(JSON.stringify(value)));
    }
    const path = join(folder, name);
    return existsSync(path) ? bytesSource(readFileSync(path)) : undefined;
  };
  return planConversion({ open }, { name: 'Test', type, withVision });
}

/** The bytes of a file that was planned. */
export async function writeGguf(plan: GgufPlan): Promise<Uint8Array> {
  const bytes = new Uint8Array(plan.bytes);
  let at = 0;
  for await (const piece of streamGguf(plan)) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
