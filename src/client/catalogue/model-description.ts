/** The small file that goes with an exported model: with it, another Bedside checks every part of the copy. */
import { BedsideError } from '../../engine/errors.ts';
import { sentence } from '../../engine/sentence.ts';
import { Fields } from './json-fields.ts';

export interface ModelDescription {
  name: string;
  /** The catalogue's entry of the kind of model; absent of a file that is nothing but what it says itself. */
  entryId?: string;
  /** The sentence that the terms of use of the model want with every copy. */
  notice?: string;
  files: DescribedFile[];
}

export interface DescribedFile {
  /** What the file is called on the drive. */
  name: string;
  role: 'text' | 'vision';
  bytes: number;
  chunkBytes: number;
  chunkSha256: string[];
}

export const descriptionSuffix = '.bedside.json';

export function writeDescription({ name, entryId, notice, files }: ModelDescription): Blob {
  const text = JSON.stringify({ bedside: 1, name, entryId, notice, files }, null, 1);
  return new Blob([text], { type: 'application/json' });
}

/** Rejects with 'invalid-model' where it is not a description that this version can read. */
export async function readDescription(file: Blob): Promise<ModelDescription> {
  try {
    const root = new Fields(JSON.parse(await file.text()), 'description');
    if (root.number('bedside') !== 1) throw new TypeError('description.bedside must be 1');
    const files = root.objects('files').map(readFile);
    if (files.length === 0) throw new TypeError('description.files is empty');
    return {
      name: root.string('name'),
      ...(root.has('entryId') ? { entryId: root.string('entryId') } : {}),
      ...(root.has('notice') ? { notice: root.string('notice') } : {}),
      files,
    };
  } catch (thrown) {
    throw new BedsideError(
      'invalid-model',
      sentence`description-cannot-be-read: The description that goes with the model cannot be read.`,
      'Export the model once more, or add its file without the description: it is then not compared with the original.',
      thrown,
    );
  }
}

function readFile(fields: Fields): DescribedFile {
  const bytes = fields.positive('bytes');
  const chunkBytes = fields.positive('chunkBytes');
  const chunkSha256 = fields.strings('chunkSha256');
  if (chunkSha256.length !== Math.ceil(bytes / chunkBytes))
    fields.fail('chunkSha256', 'does not fit the size');
  return {
    name: fields.string('name'),
    role: fields.oneOf('role', ['text', 'vision']),
    bytes,
    chunkBytes,
    chunkSha256,
  };
}
