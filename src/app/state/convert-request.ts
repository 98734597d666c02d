import type { ConvertRequest } from '../../client/index.ts';
import type { LibraryModel } from './model-library-store.ts';

/** What the library's worker is asked to make of a checkpoint: the one file of each half. */
export function convertRequest(
  { files }: Pick<LibraryModel, 'files'>,
  from: ConvertRequest['from'],
  type: ConvertRequest['type'],
  name: string,
): ConvertRequest {
  const [text, vision] = files;
  return {
    textId: text!.id,
    textName: text!.name ?? `${text!.id}.gguf`,
    ...(vision ? { visionId: vision.id, visionName: vision.name ?? `${vision.id}.gguf` } : {}),
    name,
    type,
    from,
  };
}

/** What a checkpoint's folder is called, as the command line would name the model: 'MiniMonkey' of .../MiniMonkey/resolve/main/. */
export function modelFolderName(url: string): string {
  const folders = new URL(url).pathname.split('/').filter(Boolean).map(decodeURIComponent);
  const hub = folders.lastIndexOf('resolve');
  return (hub > 0 ? folders[hub - 1] : folders.at(-1)) ?? 'model';
}
