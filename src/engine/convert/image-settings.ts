import { sentence } from '../sentence.ts';
import { checkpointError } from './checkpoint-error.ts';
import { type CheckpointFolder, readOptionalJson } from './checkpoint-folder.ts';
import { JsonSettings } from './json-settings.ts';

const ownFile = 'preprocessor_config.json';
/** Since transformers 5 those of pictures stand in this one, beside those of whatever else a model takes. */
const commonFile = 'processor_config.json';
const section = 'image_processor';

/** How pictures are prepared, as one file of a checkpoint says it. */
export interface ImageSettings {
  settings: JsonSettings;
  file: string;
}

/**
 * What the files of a checkpoint say of the preparation of pictures, the one that counts first (image_processing_base.py of
 * transformers 5.18: the common file, where it has a part for pictures); none where no file says anything.
 */
export async function readImageSettings(folder: CheckpointFolder): Promise<ImageSettings[]> {
  const common = await readOptionalJson(folder, commonFile);
  const own = await readOptionalJson(folder, ownFile);
  const found: ImageSettings[] = [];
  if (common && common[section] != null)
    found.push({ settings: new JsonSettings(common, commonFile).section(section), file: commonFile });
  if (own) found.push({ settings: new JsonSettings(own, ownFile), file: ownFile });
  return found;
}

/**
 * What `read` makes of the settings of every file, which must be the same.
 * @throws `invalid-model` where two of them contradict each other
 */
export function readAlike<Read>(
  files: readonly ImageSettings[],
  read: (settings: ImageSettings) => Read,
): Read {
  const [first, ...others] =
    files.length > 0 ? files : [{ settings: new JsonSettings({}, ownFile), file: ownFile }];
  const value = read(first!);
  for (const other of others) {
    if (JSON.stringify(read(other)) === JSON.stringify(value)) continue;
    throw checkpointError(
      'invalid-model',
      sentence`image-settings-contradict: ${{ file: first!.file }} and ${{ other: other.file }} say different things about how pictures are prepared`,
      'Get both files again from the same version of the model.',
    );
  }
  return value;
}
