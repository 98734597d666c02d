import type { ByteSource } from '../formats/byte-source.ts';
import { recogniseStandIn } from '../formats/stand-in.ts';
import { sentence } from '../sentence.ts';
import { checkpointError } from './checkpoint-error.ts';

/** The folder of a Hugging Face checkpoint, wherever it is. */
export interface CheckpointFolder {
  /** A file by its name; undefined where the folder has none of that name. */
  open(name: string): Promise<ByteSource | undefined>;
}

/** A whole file, where it exists; one larger than `limit` bytes is not what its name says. */
export async function readOptionalFile(
  folder: CheckpointFolder,
  name: string,
  limit: number,
): Promise<Uint8Array | undefined> {
  const source = await folder.open(name);
  if (source === undefined) return undefined;
  if (source.bytes > limit)
    throw checkpointError(
      'invalid-model',
      sentence`checkpoint-file-too-long: ${{ file: name }} is ${{ fileBytes: source.bytes }} bytes long`,
    );
  const bytes = await source.read(0, source.bytes);
  refuseStandIn(name, bytes, source.bytes);
  return bytes;
}

/** @throws `invalid-model` where a file is not itself but what a download left in its place */
export function refuseStandIn(name: string, head: Uint8Array, fileBytes: number): void {
  const standIn = recogniseStandIn(head, fileBytes);
  if (standIn === undefined) return;
  throw checkpointError(
    'invalid-model',
    sentence`checkpoint-file-is-stand-in: ${{ file: name }} is ${{ found: standIn }}`,
    'The download did not bring the file itself. Get it again (with Git: "git lfs pull") and check its size.',
  );
}

/** The object that a JSON file holds, where the file exists. */
export async function readOptionalJson(
  folder: CheckpointFolder,
  name: string,
  limit = 32 * 2 ** 20,
): Promise<Record<string, unknown> | undefined> {
  const bytes = await readOptionalFile(folder, name, limit);
  if (bytes === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw checkpointError(
      'invalid-model',
      sentence`checkpoint-file-is-not-json: ${{ file: name }} is not valid JSON`,
      undefined,
      error,
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw checkpointError(
      'invalid-model',
      sentence`checkpoint-file-without-settings: ${{ file: name }} holds no table of settings`,
    );
  }
  return value as Record<string, unknown>;
}
