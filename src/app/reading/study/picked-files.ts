import type { PickedFile } from '../../../client/index.ts';
import { FileListing } from '../../state/images/file-listing.ts';
import { compareByLength } from './natural-order.ts';

/** More than any study has; what is dropped by mistake may be a whole disk. */
export const mostFiles = 20_000;

/** Of an input for files or for a folder, whose files come in any order: what is read first is shown first. */
export function pickedFiles(files: Iterable<File>): FileListing {
  const picked = [...files].map(file => ({ file, path: file.webkitRelativePath || file.name }));
  return FileListing.of(picked.sort((a, b) => compareByLength(a.path, b.path)).slice(0, mostFiles));
}

/**
 * What was dropped, as entries that can be walked later: a browser tells of them only while the event lasts. Null where it
 * cannot tell, or where nothing but files was dropped.
 */
export function droppedFolders(transfer: Pick<DataTransfer, 'items'> | null): FileSystemEntry[] | null {
  const entries = [...(transfer?.items ?? [])]
    .filter(({ kind }) => kind === 'file')
    .map(item => (typeof item.webkitGetAsEntry === 'function' ? item.webkitGetAsEntry() : null));
  const known = entries.filter(entry => entry !== null);
  return known.some(({ isDirectory }) => isDirectory) ? known : null;
}

/** Asked for beside one another: each is a question to the browser, and the first are read while the next are asked for. */
const openedAtOnce = 32;

/** All files of what was dropped, folder by folder, however deep they lie; a folder's own files before those of folders in it. */
export function listEntries(entries: readonly FileSystemEntry[]): FileListing {
  const listing = new FileListing();
  void walk(entries, listing).finally(() => listing.end());
  return listing;
}

async function walk(entries: readonly FileSystemEntry[], listing: FileListing): Promise<void> {
  const waiting = [...entries];
  while (waiting.length > 0 && listing.files.length < mostFiles) {
    if (waiting[0]!.isDirectory) {
      waiting.unshift(...(await childrenOf(waiting.shift() as FileSystemDirectoryEntry)));
      continue;
    }
    const folderAt = waiting.findIndex(({ isDirectory }) => isDirectory);
    const files = waiting.splice(0, Math.min(openedAtOnce, folderAt < 0 ? waiting.length : folderAt));
    listing.add(await Promise.all(files.map(entry => pick(entry as FileSystemFileEntry))));
  }
}

/** One that cannot be opened is told of as an empty one is. */
const pick = (entry: FileSystemFileEntry) =>
  new Promise<PickedFile>(resolve => {
    const path = entry.fullPath.replace(/^\//, '');
    entry.file(
      file => resolve({ file, path }),
      () => resolve({ file: new File([], entry.name), path }),
    );
  });

/**
 * Files first, and by their names. A browser gives out a hundred at a time, in any order, until it gives none. Of a folder that cannot
 * be read there are those that it gave.
 */
async function childrenOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const children: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>(resolve =>
      reader.readEntries(resolve, () => resolve([])),
    );
    if (some.length === 0) break;
    children.push(...some);
  }
  return children.sort(
    (a, b) => Number(a.isDirectory) - Number(b.isDirectory) || compareByLength(a.name, b.name),
  );
}
