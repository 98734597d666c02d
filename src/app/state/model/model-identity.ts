/** Which model it is. Its name does not tell: the files of one kind of model differ, and two can be named alike. */
import {
  type CatalogueEntry,
  type FileIdentities,
  filesOfEntry,
  type Message,
  type ModelInfo,
  type RemoteFile,
  type TemplateChoice,
  termsOf,
} from '../../../client/index.ts';
import type { ModelChoice, ModelFiles } from './model-choice.ts';
import { nameOf, type PickedFile, sizeOf } from './picked-model.ts';

/**
 * The same for the same weights, also on another visit: hashes where they are known, else where the files come from. Of the
 * reader's own files it is the same under whichever entry they were opened.
 */
export function keyOf({ entry, files }: ModelChoice): string {
  if (files) return keyOfFiles(files, { identity: entry.identity, vision: entry.visionIdentity });
  return `${entry.id} ${keyOfSources(filesOfEntry(entry))}`;
}

/** Their hashes where all of them are known, else name, size and date of each, in whichever order they came. */
export function keyOfFiles(
  { file, visionFile }: ModelFiles,
  { identity, vision }: Partial<FileIdentities> = {},
): string {
  const hashes = [identity, ...(visionFile ? [vision] : [])].map(half => half?.sha256);
  if (hashes.every(each => each !== undefined)) return hashes.map(each => `sha256:${each}`).join(' ');
  return [file, ...(visionFile ? [visionFile] : [])].map(describePicked).sort().join(' ');
}

/** The same for the same files on a server or in the store. */
export function keyOfSources(files: readonly RemoteFile[]): string {
  return files.map(describeSource).join(' ');
}

export function isSameModel(one: ModelChoice | null, other: ModelChoice | null): boolean {
  return one !== null && other !== null && keyOf(one) === keyOf(other);
}

/** What an answer says of the model that wrote it, and of what computed it. */
export type Writer = Pick<Message, 'model' | 'modelKey' | 'modelKind' | 'identity' | 'computedOn'>;

export function writerOf({ model, modelKey, modelKind, identity, computedOn }: Writer): Writer {
  return {
    ...(model === undefined ? {} : { model }),
    ...(modelKey === undefined ? {} : { modelKey }),
    ...(modelKind === undefined ? {} : { modelKind }),
    ...(identity === undefined ? {} : { identity }),
    ...(computedOn === undefined ? {} : { computedOn }),
  };
}

/** @param info of the model as it is loaded; `template`: how it is asked this time */
export function signatureOf(
  model: ModelChoice,
  { info, template }: { info: ModelInfo | null; template: TemplateChoice | null },
): Required<Omit<Writer, 'computedOn'>> {
  const { entry } = model;
  const said = info?.identity ?? entry.identity;
  const sha256 = hashesOf(model);
  const terms = termsOf({ terms: entry.terms, name: entry.name, identity: said });
  return {
    model: entry.name,
    modelKey: keyOf(model),
    modelKind: entry.kind,
    identity: {
      ...(said ? { quantisation: said.quantisation, parameterCount: said.parameterCount } : {}),
      ...(said?.publisher === undefined ? {} : { publisher: said.publisher }),
      ...(sha256 ? { sha256 } : {}),
      ...(entry.looksLike ? { looksLike: entry.looksLike.name } : {}),
      ...(terms ? { terms: terms.id } : {}),
      ...(template === null ? {} : { template }),
    },
  };
}

/** SHA-256 of the files of its language half, where they are known of all. */
function hashesOf({ entry, files }: ModelChoice): string[] | undefined {
  if (files) return entry.identity?.sha256;
  const hashes = filesOfEntry({ file: entry.file }).map(({ sha256 }) => sha256);
  return hashes.length > 0 && hashes.every(hash => hash !== undefined) ? hashes : undefined;
}

/**
 * Whether `model` wrote the answer. What earlier versions stored has the name alone, which is enough only where the
 * site brings the files.
 */
export function hasWritten(model: ModelChoice, { model: name, modelKey }: Writer): boolean {
  if (modelKey !== undefined) return modelKey === keyOf(model);
  return model.files === null && model.entry.name === name;
}

/** Whether a demonstration wrote the answer; what earlier versions stored tells by the name alone. */
export function isByDemonstration(
  { model, modelKind }: Writer,
  catalogue: readonly CatalogueEntry[],
): boolean {
  if (modelKind !== undefined) return modelKind === 'demonstration';
  return catalogue.some(({ kind, name }) => kind === 'demonstration' && name === model);
}

function describePicked(picked: PickedFile): string {
  const parts = picked instanceof File ? [picked] : picked;
  const latest = Math.max(...parts.map(({ lastModified }) => lastModified));
  return `file:${nameOf(picked)}:${sizeOf(picked)}:${latest}`;
}

function describeSource({ sha256, url, id, bytes }: RemoteFile): string {
  return sha256 ? `sha256:${sha256}` : `${url || id}:${bytes ?? 0}`;
}
