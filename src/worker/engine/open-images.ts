import { plainPresentation } from '../../engine/types/presentation.ts';
import { type DecodePlain, openImage } from '../../imaging/presented/open-image.ts';
import type { OpenedImage } from '../../imaging/presented/opened-image.ts';
import { renderPicture } from '../../imaging/presented/render-picture.ts';
import type { RgbImage } from '../../imaging/rgb-image.ts';
import type { ImageInput } from './engine-messages.ts';

/** Files that stay open: of the image that is being read, and of some beside it in its series. */
const mostOpen = 4;
/** Decoded pixels that they may hold together. */
const mostPixels = 64_000_000;

/** Opened image files by their id, so that another window of the same file is not decoded anew. */
export class OpenImages {
  readonly #decode: DecodePlain;
  /** Least recently used first. */
  readonly #open = new Map<string, Promise<OpenedImage>>();

  constructor(decode: DecodePlain) {
    this.#decode = decode;
  }

  /** Without being kept: of a file that is looked at once. */
  open(file: Blob): Promise<OpenedImage> {
    return openImage(file, this.#decode);
  }

  /** What the page shows of it, and what a model's tiles are cut from. */
  async pictureOf({
    id,
    blob,
    presentation = plainPresentation,
  }: Pick<ImageInput, 'id' | 'blob' | 'presentation'>): Promise<RgbImage> {
    return renderPicture(await this.find(id, blob), presentation);
  }

  find(id: string, file: Blob): Promise<OpenedImage> {
    const opened = this.#open.get(id) ?? this.open(file).then(keepLastFrame);
    this.#open.delete(id);
    this.#open.set(id, opened);
    opened.then(
      () => this.#forgetOld(),
      // Read again when it is asked for again.
      () => this.#open.get(id) === opened && this.#open.delete(id),
    );
    return opened;
  }

  async #forgetOld(): Promise<void> {
    const all = await Promise.all(
      [...this.#open].map(async ([id, image]) => ({ id, image: await image.catch(() => undefined) })),
    );
    let pixels = 0;
    for (const [place, { id, image }] of all.reverse().entries()) {
      pixels += image ? image.size.width * image.size.height : 0;
      // The last one stays, however large it is.
      if (place > 0 && (place >= mostOpen || pixels > mostPixels)) this.#open.delete(id);
    }
  }
}

/** The frame that was asked for last is not decoded again. */
function keepLastFrame(image: OpenedImage): OpenedImage {
  let last: { index: number; frame: ReturnType<OpenedImage['decodeFrame']> } | undefined;
  return {
    ...image,
    decodeFrame(index) {
      if (last?.index !== index) {
        const frame = image.decodeFrame(index);
        last = { index, frame };
        frame.catch(() => {
          if (last?.frame === frame) last = undefined;
        });
      }
      return last.frame;
    },
  };
}
