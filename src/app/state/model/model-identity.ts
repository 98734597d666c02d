/** Which model it is. Its name does not tell: the files of one kind of model differ, and two can be named alike. */
import { type CatalogueEntry, filesOfEntry, type Message, type UrlSource } from '../../../client/index.ts';
import type { ModelChoice } from './model-choice.ts';
import { nameOf, type PickedFile, sizeOf } from './picked-model.ts';

/**
 * The same for the same weights, put to use in the same way, also on another visit: hashes where they are known, else where
 * the files come from, and of the reader's own files name, size and date.
 */
export function keyOf({ entry, files }: ModelChoice): string {
  const halves = files
    ? [files.file, ...(files.visionFile ? [files.visionFile] : [])].map(describePicked)
    : filesOfEntry(entry).map(describeSource);
  return [entry.id, ...halves].join(' ');
}

export function isSameModel(one: ModelChoice | null, other: ModelChoice | null): boolean {
  return one !== null && other !== null && keyOf(one) === keyOf(other);
}

/** What an answer says of the model that wrote it. */
export type Writer = Pick<Message, 'model' | 'modelKey' | 'modelKind'>;

export function writerOf({ model, modelKey, modelKind }: Writer): Writer {
  return {
    ...(model === undefined ? {} : { model }),
    ...(modelKey === undefined ? {} : { modelKey }),
    ...(modelKind === undefined ? {} : { modelKind }),
  };
}

export function signatureOf(model: ModelChoice): Required<Writer> {
  return { model: model.entry.name, modelKey: keyOf(model), modelKind: model.entry.kind };
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

function describeSource({ sha256, url, id, bytes }: UrlSource): string {
  return sha256 ? `sha256:${sha256}` : `${url || id}:${bytes ?? 0}`;
}
