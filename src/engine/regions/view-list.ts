import type { ImagePresentation } from '../types/presentation.ts';
import type { Region } from '../types/region.ts';

/** How one image is shown, and what is marked on it. */
export interface ListedView {
  image: KnownImage;
  presentation: ImagePresentation;
  regions: readonly Region[];
}

/** No name goes with it: by what its file is called in the standard (SOP Instance UID), or by the file's bytes. */
export interface KnownImage {
  instanceUid?: string;
  /** Hex. */
  sha256?: string;
  /** Upright, in pixels. */
  width: number;
  height: number;
}

/** Views in the order in which they are seen, as they are exported: docs/views.schema.json. */
export interface ViewList {
  /** Series Instance UID, where they are of one. */
  seriesUid: string | null;
  views: ListedView[];
}

export function writeViewList({ seriesUid, views }: ViewList): string {
  const listed = views.map(writeView).join(',\n');
  const series = seriesUid === null ? '' : `\n"seriesUid":${JSON.stringify(seriesUid)},`;
  // A line a view: of hundreds, those that differ are seen.
  return `{"format":"bedside-views","version":1,${series}\n"views":[\n${listed}\n]}\n`;
}

function writeView({ image, presentation, regions }: ListedView): string {
  const { instanceUid, sha256, width, height } = image;
  return JSON.stringify({ image: { instanceUid, sha256, width, height }, presentation, regions });
}
