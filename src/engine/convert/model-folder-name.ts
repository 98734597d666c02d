/** What the folder at an address is called, for `general.name`: `MiniMonkey` of `.../MiniMonkey/resolve/main/`. */
export function modelFolderName(url: string): string {
  const folders = new URL(url).pathname.split('/').filter(Boolean).map(decoded);
  const hub = folders.lastIndexOf('resolve');
  return (hub > 0 ? folders[hub - 1] : folders.at(-1)) ?? 'model';
}

/** A stray per cent sign stands for itself. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
