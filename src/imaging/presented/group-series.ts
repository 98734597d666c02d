import type { DicomIdentity } from '../../engine/types/dicom.ts';
import type { OpenedImage } from './opened-image.ts';

/** A file of which it is known what its header says. */
export interface SeriesFile extends Pick<OpenedImage, 'size' | 'dicom'> {
  /** Its name, with its folders: what is left to go by where the headers say nothing. */
  path: string;
}

export interface FileSeries<File> {
  /** Of this series alone. */
  key: string;
  files: File[];
}

/** Directions that differ by less are the same: scanners write few digits. */
const sameDirection = 1e-3;

/**
 * DICOM files by series, and within one by orientation and size, since those of others cannot be paged through; in the order in which
 * they lie along their normal (PS3.3 C.7.6.2.1.1), else by instance number, else by name. What says of no series is none.
 */
export function groupSeries<File extends SeriesFile>(files: readonly File[]): FileSeries<File>[] {
  const groups: { key: string; seriesUid: string; files: File[] }[] = [];
  for (const file of files) {
    const seriesUid = file.dicom?.identity.seriesUid;
    if (!seriesUid) continue;
    const fits = groups.find(group => group.seriesUid === seriesUid && isAlike(group.files[0]!, file));
    if (fits) fits.files.push(file);
    else {
      const place = groups.filter(group => group.seriesUid === seriesUid).length;
      groups.push({ key: place === 0 ? seriesUid : `${seriesUid} ${place + 1}`, seriesUid, files: [file] });
    }
  }
  return groups.map(({ key, files: found }) => ({ key, files: inOrder(found) }));
}

function isAlike(a: SeriesFile, b: SeriesFile): boolean {
  const [first, second] = [a.dicom?.identity.orientation, b.dicom?.identity.orientation];
  const isSameSize = a.size.width === b.size.width && a.size.height === b.size.height;
  if (!isSameSize || !first !== !second) return false;
  return !first || first.every((share, i) => Math.abs(share - second![i]!) < sameDirection);
}

function inOrder<File extends SeriesFile>(files: readonly File[]): File[] {
  const places = files.map(placeAlongNormal);
  const numbers = files.map(({ dicom }) => dicom?.meta.instanceNumber ?? undefined);
  const key = [places, numbers].find(all => all.every(each => each !== undefined) && new Set(all).size > 1);
  const byName = (a: File, b: File) => a.path.localeCompare(b.path, 'en', { numeric: true });
  const order = [...files.keys()].sort((a, b) => {
    const difference = key ? key[a]! - key[b]! : 0;
    // Two at one place: what was taken first, then what is called first.
    return difference || (numbers[a] ?? 0) - (numbers[b] ?? 0) || byName(files[a]!, files[b]!);
  });
  return order.map(i => files[i]!);
}

function placeAlongNormal({ dicom }: SeriesFile): number | undefined {
  const { orientation, position } = dicom?.identity ?? ({} as Partial<DicomIdentity>);
  if (!orientation || !position) return undefined;
  const [ax, ay, az, bx, by, bz] = orientation;
  const normal = [ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx];
  return normal.reduce((sum, share, axis) => sum + share * position[axis]!, 0);
}
