/** The files of a model that is being added to the library, as they are recorded. */
import {
  BedsideError,
  type CatalogueEntry,
  type ModelDescription,
  type ModelFileRecord,
  newId,
} from '../../client/index.ts';

/** Of an address as it was typed. Throws 'invalid-request'. */
export function remoteFile(address: string): ModelFileRecord {
  const url = URL.canParse(address.trim()) ? new URL(address.trim()) : undefined;
  const isLocal = url?.hostname === 'localhost' || url?.hostname === '127.0.0.1';
  if (!url || !(url.protocol === 'https:' || (url.protocol === 'http:' && isLocal))) {
    throw new BedsideError(
      'invalid-request',
      'This is not an address that a model can be fetched from.',
      'Enter the whole address of the file, beginning with https://',
    );
  }
  const name = decodeURIComponent(url.pathname.split('/').at(-1) ?? '') || 'model.gguf';
  return { id: `file-${newId()}`, url: url.href, name };
}

export function checkedHash(text: string): string {
  const hash = text.trim().toLowerCase();
  if (/^[0-9a-f]{64}$/.test(hash)) return hash;
  throw new BedsideError(
    'invalid-request',
    'The SHA-256 has to be 64 digits from 0 to 9 and a to f.',
    'Copy it once more from where the model is published, or leave the field empty.',
  );
}

export function matchDescription(description: ModelDescription, files: readonly File[]): File[] {
  const find = (role: 'text' | 'vision') => {
    const wanted = description.files.find(file => file.role === role);
    return wanted && files.find(({ size, name }) => size === wanted.bytes && name === wanted.name);
  };
  const [text, vision] = [find('text'), find('vision')];
  const found = [text, vision].filter(file => file !== undefined);
  if (text && found.length === description.files.length) return found;
  const names = description.files.map(({ name }) => name).join(' and ');
  throw new BedsideError(
    'truncated-model',
    `The description belongs to other files, or one is missing or incomplete: ${names}.`,
    'Choose them together with the description, as they were exported.',
  );
}

export function copiedFile(file: File, description: ModelDescription | undefined): ModelFileRecord {
  const described = description?.files.find(({ name }) => name === file.name);
  return {
    id: `file-${newId()}`,
    url: '',
    name: file.name,
    bytes: file.size,
    ...(described ? { chunkBytes: described.chunkBytes, chunkSha256: described.chunkSha256 } : {}),
  };
}

export function wrongCount({ name, vision }: CatalogueEntry): BedsideError {
  return new BedsideError(
    'invalid-request',
    vision ? `${name} comes in two files, one for text and one for images.` : `${name} comes in one file.`,
    vision ? 'Choose both together, in any order.' : 'Choose that file alone.',
  );
}

/** What a conversion writes. */
export function convertedFile(name: string, half: '' | '-mmproj', type: string): ModelFileRecord {
  return { id: `file-${newId()}`, url: '', name: `${name}${half}-${type.toLowerCase()}.gguf` };
}
