/** The files of a model that is being added to the library, as they are recorded. */
import {
  BedsideError,
  type CatalogueEntry,
  type DescribedFile,
  type ModelDescription,
  type ModelFileRecord,
  newId,
  readShardName,
  sentence,
  shardName,
  written,
} from '../../../client/index.ts';
import { groupParts, type PickedFile } from '../model/picked-model.ts';

/** Of an address as it was typed; of the address of one part of a split file, all its parts. Throws 'invalid-request'. */
export function remoteFiles(address: string): ModelFileRecord[] {
  const url = readAddress(address);
  const at = url.pathname.lastIndexOf('/') + 1;
  const name = decodeURIComponent(url.pathname.slice(at)) || 'model.gguf';
  const part = readShardName(name);
  if (!part) return [{ id: `file-${newId()}`, url: url.href, name }];
  return Array.from({ length: part.count }, (_, index) => {
    const partName = shardName({ ...part, number: index + 1 });
    const partUrl = new URL(url);
    partUrl.pathname = url.pathname.slice(0, at) + encodeURIComponent(partName);
    return { id: `file-${newId()}`, url: partUrl.href, name: partName };
  });
}

/** The folder of a checkpoint: its address, or that of its config.json. Throws 'invalid-request'. */
export function checkpointFolder(address: string): string {
  const url = readAddress(address);
  url.pathname = url.pathname.replace(/\/config\.json$/, '/');
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url.href;
}

function readAddress(text: string): URL {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  const isLocal = url?.hostname === 'localhost' || url?.hostname === '127.0.0.1';
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLocal);
  if (!url || !isSafe || !canDecode(url.pathname)) {
    throw new BedsideError(
      'invalid-request',
      sentence`not-an-address: This is not an address that a model can be fetched from.`,
      url?.protocol === 'http:'
        ? 'Only an address that begins with https:// can be used: on the way from any other one a file could be changed.'
        : 'Enter the whole address, beginning with https://',
    );
  }
  return url;
}

/** Not where a per cent sign stands for itself. */
function canDecode(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

export function checkedHash(text: string): string {
  const hash = text.trim().toLowerCase();
  if (/^[0-9a-f]{64}$/.test(hash)) return hash;
  throw new BedsideError(
    'invalid-request',
    sentence`not-a-hash: The SHA-256 has to be 64 digits from 0 to 9 and a to f.`,
    'Copy it once more from where the model is published, or leave the field empty.',
  );
}

/** The two halves of a model as they were picked; `vision` only of one that sees images. */
export interface PickedHalves {
  text: File[];
  vision?: File[];
}

/** Picked files as the halves of a model of this kind. Throws 'invalid-request' where it is another number of them. */
export function readHalves(files: readonly File[], entry: CatalogueEntry): PickedHalves {
  const [text, vision, ...more] = groupParts(files).map(inOrder);
  if (!text || more.length > 0 || Boolean(vision) !== Boolean(entry.vision)) throw wrongCount(entry);
  const missing = [text, ...(vision ? [vision] : [])].find(isIncomplete);
  if (missing) throw partMissing(missing);
  return { text, ...(vision ? { vision } : {}) };
}

/** Picked files as the halves that a description tells. Throws 'truncated-model' where they are others. */
export function matchDescription(description: ModelDescription, files: readonly File[]): PickedHalves {
  const find = (role: DescribedFile['role']) =>
    description.files
      .filter(file => file.role === role)
      .map(wanted => files.find(({ size, name }) => size === wanted.bytes && name === wanted.name));
  const isWhole = (half: (File | undefined)[]): half is File[] => half.every(file => file !== undefined);
  const [text, vision] = [find('text'), find('vision')];
  if (text.length > 0 && isWhole(text) && isWhole(vision)) {
    return { text, ...(vision.length > 0 ? { vision } : {}) };
  }
  const names = description.files.map(({ name }) => name).join(', ');
  throw new BedsideError(
    'truncated-model',
    sentence`description-of-other-files: The description belongs to other files, or one is missing or incomplete: ${{ files: names }}.`,
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

/** What a conversion writes. */
export function convertedFile(name: string, half: '' | '-mmproj', type: string): ModelFileRecord {
  return { id: `file-${newId()}`, url: '', name: `${name}${half}-${type.toLowerCase()}.gguf` };
}

const numberOf = ({ name }: File): number => readShardName(name)?.number ?? 0;

function inOrder(picked: PickedFile): File[] {
  return picked instanceof File ? [picked] : picked.toSorted((a, b) => numberOf(a) - numberOf(b));
}

function isIncomplete(parts: readonly File[]): boolean {
  const name = readShardName(parts[0]!.name);
  return name !== undefined && parts.length !== name.count;
}

function partMissing(parts: readonly File[]): BedsideError {
  const { stem, count } = readShardName(parts[0]!.name)!;
  return new BedsideError(
    'part-missing',
    sentence`not-all-parts-are-chosen: ${{ stem }} was split into ${{ count }} parts, and ${{ chosen: written(parts.length, parts.length === 1 ? 'one is' : `${parts.length} are`) }} chosen.`,
    'Choose all its parts together.',
  );
}

function wrongCount({ name, vision }: CatalogueEntry): BedsideError {
  return new BedsideError(
    'invalid-request',
    vision
      ? sentence`model-comes-in-two-files: ${{ model: name }} comes in two files, one for text and one for images.`
      : sentence`model-comes-in-one-file: ${{ model: name }} comes in one file.`,
    `${vision ? 'Choose both together, in any order.' : 'Choose that file alone.'} Of a file that was split, choose all the parts.`,
  );
}
