import type { CheckpointFolder } from '../../engine/convert/checkpoint-folder.ts';
import { readWeightMap, weightForms } from '../../engine/convert/checkpoint-tensors.ts';
import type { PlannedRead } from '../../engine/convert/gguf-stream.ts';
import { BedsideError } from '../../engine/errors.ts';
import type { ByteSource } from '../../engine/formats/byte-source.ts';
import { fileSource } from './file-source.ts';

/** A file of a checkpoint that was picked. */
export interface CheckpointFile {
  /** Its name, with folders before it where it has some: `PMC_LLaMA_13B/config.json`. */
  path: string;
  source: ByteSource;
  /** When it was last changed. */
  version?: string;
}

/** A checkpoint's folder whose names are known. */
export interface CheckpointListing extends CheckpointFolder {
  readonly names: readonly string[];
  /** On a server, not on this device. */
  readonly isRemote: boolean;
  /** Changes when the file does; undefined where that cannot be told. */
  versionOf(name: string): string | undefined;
  /** Hears what of its files will be read next, and in which order. */
  expect?(reads: Iterable<PlannedRead>): void;
}

const settingsFile = 'config.json';
const partOfSeveral = /-\d{5}-of-\d{5}\.\w+$/;

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
    if (inside.has(name)) throw ambiguous(`Two of the chosen files are called ${name}`);
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
  if (models.length > 1) throw ambiguous(`The chosen files hold more than one ${settingsFile}`);
  // Without settings no folder is a model; the outermost one's missing files are worth naming.
  return models[0] ?? outermost(all)[0] ?? '';
}

/**
 * Refuses a checkpoint that lacks files, and says which.
 * @throws BedsideError `no-model`, or `invalid-model` where an index of weights cannot be read
 */
export async function requireWholeCheckpoint(folder: CheckpointListing): Promise<void> {
  const missing: string[] = [];
  const need = (...alternatives: string[]) => {
    if (!alternatives.some(name => folder.names.includes(name))) missing.push(alternatives.join(' or '));
  };
  need(settingsFile);
  need('tokenizer.model');
  need('tokenizer_config.json', 'added_tokens.json');
  missing.push(...(await listMissingWeights(folder)));
  if (missing.length === 0) return;
  const names = missing.join(', ');
  throw folder.isRemote
    ? new BedsideError(
        'no-model',
        `At this address there is no whole model. Missing: ${names}.`,
        'Check the address: it must be that of the folder with every file that the model’s publisher lists.',
      )
    : new BedsideError(
        'no-model',
        `The chosen files are not a whole model. Missing: ${names}.`,
        'Choose the model’s whole folder, with every file that its publisher lists, or add the missing files to your choice.',
      );
}

async function listMissingWeights(folder: CheckpointListing): Promise<string[]> {
  const has = (name: string) => folder.names.includes(name);
  for (const form of weightForms) {
    if (has(form.whole)) return [];
    const fileOf = await readWeightMap(folder, form);
    if (fileOf !== undefined) return [...new Set(fileOf.values())].filter(name => !has(name)).sort();
  }
  for (const { part, index } of weightForms) {
    if (folder.names.some(name => part.test(name) && partOfSeveral.test(name))) return [index];
  }
  return [weightForms.map(({ whole }) => whole).join(' or ')];
}

function ambiguous(what: string): BedsideError {
  return new BedsideError('no-model', `${what}.`, 'Choose the files of one model, or its folder, at a time.');
}
