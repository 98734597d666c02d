/** What messages store about images, and how it is checked when it is read again. */
import type { Rectangle, SeenView, Size } from '../engine/types/image-views.ts';
import { type ImagePresentation, readPresentation } from '../engine/types/presentation.ts';
import { type Region, readRegions } from '../engine/types/region.ts';
import type { ImageUse, VisionUse } from '../engine/types/vision-use.ts';
import {
  amount,
  count,
  type FieldReader,
  type FieldReaders,
  flag,
  listOf,
  objectOf,
  sizeUpTo,
  text,
  wholly,
} from './record-fields.ts';
import { grid, visionUseOfVersion1 } from './vision-records-v1.ts';

/** An image that a question refers to. */
export interface MessageImage {
  /** SHA-256 (hex) of the file's bytes. */
  id: string;
  name: string;
  /** Pixels, upright. */
  width: number;
  height: number;
  /** How it is shown and was asked about; absent: as the file shows itself. */
  presentation?: ImagePresentation;
  /** What is marked on it. */
  regions?: readonly Region[];
}

/** No image that this page accepts is larger, and nothing that is drawn of it may take longer. */
export const side = sizeUpTo(1_000_000);

/** What images of messages and of drafts have in common. */
export const messageImageFields: FieldReaders<MessageImage> = {
  id: text,
  name: text,
  width: side,
  height: side,
  presentation: readPresentation,
  regions: readRegions,
};

export const messageImage = wholly(
  objectOf<MessageImage>(messageImageFields, ['id', 'name', 'width', 'height']),
  ['presentation', 'regions'],
);

const rectangle = objectOf<Rectangle>({ x: count, y: count, width: side, height: side }, [
  'x',
  'y',
  'width',
  'height',
]);

const view = objectOf<SeenView>(
  {
    name: text,
    rectangle,
    grid,
    tile: objectOf<Size>({ width: side, height: side }, ['width', 'height']),
    tokens: count,
    isCompressible: flag,
  },
  ['name', 'grid', 'tokens', 'isCompressible'],
);

/** Many times what any model is shown. */
const mostViews = 64;

/** At least one, each by another name. */
const views: FieldReader<SeenView[]> = value => {
  if (!Array.isArray(value) || value.length > mostViews) return undefined;
  const found = listOf(view)(value);
  const names = new Set(found?.map(({ name }) => name));
  return names.size > 0 && names.size === found?.length ? found : undefined;
};

const imageUse = wholly(
  objectOf<ImageUse>({ id: text, presentation: readPresentation, views, keptTokens: count, cached: flag }, [
    'id',
    'views',
    'keptTokens',
    'cached',
  ]),
  ['presentation'],
);

const visionUseOfVersion2 = objectOf<VisionUse>(
  { images: listOf(imageUse), decodeMs: amount, encodeMs: amount, compressed: flag },
  ['images', 'decodeMs', 'encodeMs', 'compressed'],
);

/** By what lies there: a record may not say of which version it is. */
export const visionUse: FieldReader<VisionUse> = value =>
  visionUseOfVersion2(value) ?? visionUseOfVersion1(value);

/** With the whole image where a view does not say which part of it it shows, as far as the image's size is known. */
export function withRectangles(vision: VisionUse, sizes: ReadonlyMap<string, Size>): VisionUse {
  const images = vision.images.map(image => {
    const size = sizes.get(image.id);
    return size ? { ...image, views: image.views.map(view => withRectangle(view, size)) } : image;
  });
  return { ...vision, images };
}

function withRectangle({ name, rectangle, ...rest }: SeenView, { width, height }: Size): SeenView {
  return { name, rectangle: rectangle ?? { x: 0, y: 0, width, height }, ...rest };
}
