/** The files of a model that is being added to the library, as they are recorded. */
import {
  BedsideError,
  type DescribedFile,
  type HubFile,
  type HubRepository,
  hubFileUrl,
  type ModelDescription,
  type ModelFileRecord,
  type ModelRecord,
  type ModelSource,
  newId,
  readShardName,
  sentence,
  shardName,
  type TemplateChoice,
} from '../../../client/index.ts';
import type { DescribedFiles } from '../model/describe-files.ts';
import type { PickedFile } from '../model/picked-model.ts';

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

/** A file that a hub listed: compared with the hash that the hub gives for it. */
export function hubFileRecord(repository: HubRepository, { path, bytes, sha256 }: HubFile): ModelFileRecord {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const url = hubFileUrl(repository, path);
  return { id: `file-${newId()}`, url, name, bytes, ...(sha256 ? { sha256 } : {}) };
}

/** What the reader knows a model by until there is another name: its file's, without its number among parts. */
export function modelName([file]: readonly { name: string }[]): string {
  const name = file?.name ?? 'model';
  return readShardName(name)?.stem ?? name;
}

/** Where the bytes of a model's half come from. */
export function sourceOfRecords(files: readonly ModelFileRecord[]): ModelSource {
  const sources = files.map(file => ({ ...file, kind: 'url' as const }));
  return sources.length === 1 ? sources[0]! : { kind: 'split', parts: sources };
}

/** What is written down of a model's files; `template` is how the reader wants it to be asked, null where nobody has said. */
export function recordedAs(
  { entry, claim, identity, vision }: DescribedFiles,
  template: TemplateChoice | null,
): Pick<ModelRecord, 'name' | 'entryId' | 'identity' | 'visionIdentity' | 'template' | 'includeHistory'> {
  // What the catalogue knows for certain is asked as the catalogue says.
  const asked = template ?? (claim.by === 'hash' ? null : entry.template);
  return {
    name: entry.name,
    identity,
    ...(claim.by === 'hash' ? { entryId: claim.entry.id } : {}),
    ...(vision ? { visionIdentity: vision } : {}),
    ...(asked === null ? {} : { template: asked }),
    includeHistory: asked === entry.template ? entry.includeHistory : asked !== 'raw',
  };
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

/** The parts of a split file in the order of their numbers. */
export function inOrder(picked: PickedFile): File[] {
  return picked instanceof File ? [picked] : picked.toSorted((a, b) => numberOf(a) - numberOf(b));
}

export function hashOfParts(): BedsideError {
  return new BedsideError(
    'invalid-request',
    sentence`hash-of-a-split-file: A file that was split has a SHA-256 for each part.`,
    'Leave the field empty: every part is checked when it arrives and when it is read back.',
  );
}
