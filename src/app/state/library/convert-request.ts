import type { ConvertRequest } from '../../../client/index.ts';
import type { LibraryModel } from './library-store.ts';

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
