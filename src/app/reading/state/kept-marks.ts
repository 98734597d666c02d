import type { Mark } from '../marks/mark.ts';
import type { Study, StudyFile } from '../study/image-facts.ts';
import { imageKey } from '../study/image-key.ts';

/**
 * Marks on images of studies that were closed, as long as the page lives. An image is known by the identifier that its file gives it; a
 * picture without one by its name, size and time, so that another of the same name is another.
 */
export class KeptMarks {
  readonly #kept = new Map<string, readonly Mark[]>();

  /** For files of a study from a place on, as marks on it. */
  of({ files }: Pick<Study, 'files'>, from = 0): Mark[] {
    const before = new Set(files.slice(0, from).map(identityOf));
    return files.slice(from).flatMap((file, at) => {
      const identity = identityOf(file);
      // The same image, from two folders: the first is shown.
      if (before.has(identity)) return [];
      before.add(identity);
      const place = from + at;
      return (this.#kept.get(identity) ?? []).map(mark => {
        const image = imageKey({ file: place, frame: frameOf(mark) });
        return { ...mark, image, id: `${image} ${mark.number} kept` };
      });
    });
  }

  forget(): void {
    this.#kept.clear();
  }

  /** What is marked on a study now. */
  keep({ files }: Pick<Study, 'files'>, marks: readonly Mark[]): void {
    const seen = new Set<string>();
    files.forEach((file, place) => {
      const identity = identityOf(file);
      if (seen.has(identity)) return;
      seen.add(identity);
      const here = marks.filter(mark => mark.image === imageKey({ file: place, frame: frameOf(mark) }));
      if (here.length > 0) this.#kept.set(identity, here);
      else this.#kept.delete(identity);
    });
  }
}

/** As `imageKey` writes it. */
const frameOf = ({ image }: Mark) => Number(image.slice(image.indexOf('#') + 1));

function identityOf({ path, file, facts }: StudyFile): string {
  const instance = facts.dicom?.identity.instanceUid;
  if (instance) return `${instance} ${file.size}`;
  return `${path} ${file.size} ${file instanceof File ? file.lastModified : ''}`;
}
