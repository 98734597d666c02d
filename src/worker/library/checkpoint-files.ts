import type { CheckpointListing } from '../../engine/convert/checkpoint-listing.ts';
import { BedsideError } from '../../engine/errors.ts';
import type { ByteSource } from '../../engine/formats/byte-source.ts';
import { type Sentence, sentence } from '../../engine/sentence.ts';
import { fileSource } from './file-source.ts';

/** A file of a checkpoint that was picked. */
export interface CheckpointFile {
  /** Its name, with folders before it where it has some: `PMC_LLaMA_13B/config.json`. */
  path: string;
  source: ByteSource;
  /** When it was last changed. */
  version?: string;
}

const settingsFile = 'config.json';

/** Files that were picked one by one, or a picked folder with all that is in it. */
export function listPickedFiles(files: Iterable<File>): CheckpointFile[] {
  // A file that was picked alone has the empty path; Node's files have none.
  return Array.from(files, file => ({
    path: file.webkitRelativePath || file.name,
    source: fileSource(file),
    version: String(file.lastModified),
  }));
}

/**
 * The folder of a checkpoint among files: the one with the outermost `config.json`. Files of other folders (publishers add
 * examples and older forms of the weights) are left aside.
 * @throws BedsideError `no-model` where there is more than one candidate, or a name twice
 */
export function openCheckpointFiles(files: Iterable<CheckpointFile>): CheckpointListing {
  const folders = new Map<string, Map<string, CheckpointFile>>();
  for (const file of files) {
    const { path } = file;
    const cut = path.lastIndexOf('/') + 1;
    const folder = path.slice(0, cut);
    const name = path.slice(cut);
    const inside = folders.get(folder) ?? new Map<string, CheckpointFile>();
    folders.set(folder, inside);
    if (inside.has(name))
      throw ambiguous(sentence`two-files-of-one-name: Two of the chosen files are called ${{ file: name }}.`);
    inside.set(name, file);
  }
  const chosen = folders.get(findFolder(folders)) ?? new Map<string, CheckpointFile>();
  return {
    names: [...chosen.keys()],
    isRemote: false,
    open: async name => chosen.get(name)?.source,
    versionOf: name => chosen.get(name)?.version,
  };
}

function findFolder(folders: ReadonlyMap<string, ReadonlyMap<string, unknown>>): string {
  const depth = (folder: string) => folder.split('/').length;
  const outermost = (candidates: string[]) => {
    const least = Math.min(...candidates.map(depth));
    return candidates.filter(folder => depth(folder) === least);
  };
  const all = [...folders.keys()];
  const models = outermost(all.filter(folder => folders.get(folder)?.has(settingsFile)));
  if (models.length > 1)
    throw ambiguous(
      sentence`more-than-one-model: The chosen files hold more than one ${{ file: settingsFile }}.`,
    );
  // Without settings no folder is a model; the outermost one's missing files are worth naming.
  return models[0] ?? outermost(all)[0] ?? '';
}

function ambiguous(what: Sentence): BedsideError {
  return new BedsideError('no-model', what, 'Choose the files of one model, or its folder, at a time.');
}
