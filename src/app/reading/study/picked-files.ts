import type { PickedFile } from '../../../client/index.ts';

/** More than any study has; what is dropped by mistake may be a whole disk. */
export const mostFiles = 20_000;

/** Of an input for files or for a folder. */
export function pickedFiles(files: Iterable<File>): PickedFile[] {
  return [...files].slice(0, mostFiles).map(file => ({ file, path: file.webkitRelativePath || file.name }));
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

/** All files of what was dropped, folder by folder, however deep they lie. */
export async function walkEntries(
  entries: readonly FileSystemEntry[],
  signal?: AbortSignal,
): Promise<PickedFile[]> {
  const picked: PickedFile[] = [];
  const waiting = [...entries];
  for (let entry = waiting.shift(); entry && picked.length < mostFiles; entry = waiting.shift()) {
    signal?.throwIfAborted();
    if (entry.isDirectory) waiting.unshift(...(await childrenOf(entry as FileSystemDirectoryEntry)));
    else
      picked.push({
        file: await fileOf(entry as FileSystemFileEntry),
        path: entry.fullPath.replace(/^\//, ''),
      });
  }
  return picked;
}

const fileOf = (entry: FileSystemFileEntry) =>
  new Promise<File>((resolve, reject) => entry.file(resolve, reject));

/** A browser gives out a hundred at a time, until it gives none. */
async function childrenOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const children: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return children;
    children.push(...some);
  }
}
