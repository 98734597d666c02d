import {
  type ImagePresentation,
  imageKey,
  plainPresentation,
  presentationKey,
} from '../../../client/index.ts';
import type { Services } from '../../services/services.ts';

export interface FileToShow {
  blob: Blob;
  /** SHA-256 (hex) of its bytes; without it the file is shown by itself. */
  id?: string;
  presentation?: ImagePresentation;
}

/** Pictures that are kept: of a conversation, or of what is paged through. */
const mostKept = 64;

/** Images as files that every browser shows, each drawn once by the worker that draws them for the model too. */
export class ShownPictures {
  readonly #engine: Services['engine'];
  /** Least recently used first. */
  readonly #kept = new Map<string, Promise<Blob>>();

  constructor(engine: Services['engine']) {
    this.#engine = engine;
  }

  /** Rejects where the image cannot be shown so. */
  find({ blob, id, presentation = plainPresentation }: FileToShow): Promise<Blob> {
    if (id === undefined) return Promise.resolve(blob);
    const shown = { ...presentation, region: null };
    const key = imageKey(id, shown);
    const picture =
      this.#kept.get(key) ?? this.#engine.renderImageFile({ id, file: blob, presentation: shown });
    this.#kept.delete(key);
    this.#kept.set(key, picture);
    picture.catch(() => this.#kept.delete(key));
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > mostKept) this.#kept.delete(oldest!);
    return picture;
  }
}

/** Of files that browsers do not show, or not as they are meant. */
const foreignTypes = ['application/dicom', 'image/tiff', 'image/png; depth=16'];

/** Whether a browser shows the file itself as the presentation does. The region is not drawn. */
export function showsItself({ blob, presentation }: FileToShow): boolean {
  // The worker gives what browsers do not show, or not so, a type of its own (`inspectImage`).
  const isForeign = foreignTypes.includes(blob.type);
  return !isForeign && (!presentation || presentationKey({ ...presentation, region: null }) === '');
}
