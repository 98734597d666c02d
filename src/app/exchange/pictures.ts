/** Images of a conversation as every browser shows them. */
import { imageKey, type MessageImage, plainPresentation, presentationKey } from '../../client/index.ts';
import { toBase64 } from './base64.ts';
import type { OpenedConversation } from './open-records.ts';

const shownTypes = new Set(['image/png', 'image/jpeg', 'image/webp', 'image/gif', 'image/bmp', 'image/avif']);

/** The same for all that look the same. What is asked about is not drawn. */
export function pictureKey({
  id,
  presentation = plainPresentation,
}: Pick<MessageImage, 'id' | 'presentation'>): string {
  return imageKey(id, { ...presentation, region: null });
}

/** Images that have to be drawn before a browser shows them so, each once. */
export function picturesToDraw({ tree, images }: OpenedConversation): MessageImage[] {
  const asked = new Map(tree.messages.flatMap(({ images = [] }) => images.map(i => [pictureKey(i), i])));
  return [...asked.values()].filter(image => {
    const found = images.get(image.id)?.image;
    return found && !showsItself(image, found.mediaType);
  });
}

/** Their bytes as `data:` addresses, by `pictureKey`; of those alone that a browser shows. */
export async function readPictures(opened: OpenedConversation): Promise<Map<string, string>> {
  const addresses = new Map<string, string>();
  for (const image of opened.tree.messages.flatMap(({ images = [] }) => images)) {
    const key = pictureKey(image);
    const file = opened.images.get(image.id)?.image;
    const own = file && showsItself(image, file.mediaType) ? file.blob : undefined;
    const blob = opened.pictures?.get(key) ?? own;
    if (!blob || addresses.has(key)) continue;
    const type = blob === own ? file?.mediaType : blob.type;
    addresses.set(key, `data:${type};base64,${toBase64(new Uint8Array(await blob.arrayBuffer()))}`);
  }
  return addresses;
}

const showsItself = ({ presentation = plainPresentation }: MessageImage, mediaType: string): boolean =>
  shownTypes.has(mediaType) && presentationKey({ ...presentation, region: null }) === '';
