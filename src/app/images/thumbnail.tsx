import { useApp } from '../state/app-context.tsx';
import type { ShownImage } from '../state/page/ui-store.ts';
import { PictureShapes } from '../viewer/shapes-overlay.tsx';
import { useObjectUrl } from './use-object-url.ts';
import { pictureSize, usePicture } from './use-picture.ts';

interface ThumbnailProps {
  image: ShownImage;
  /** Shown beside it, and then its name too. */
  caption?: string | undefined;
}

/** A small picture that opens the large one. */
export function Thumbnail({ image, caption }: ThumbnailProps) {
  const { ui } = useApp();
  const url = useObjectUrl(usePicture(image));
  const { width, height } = pictureSize(image);
  const { shapes = [] } = image;
  const picture = url && (
    <>
      <img src={url} alt="" width={width} height={height} />
      <PictureShapes shapes={shapes} width={width} height={height} shownSide={110} />
    </>
  );
  return (
    <button
      type="button"
      className={caption ? 'captioned' : 'thumbnail'}
      aria-label={caption ? undefined : `View ${image.name}`}
      title={image.name}
      onClick={() => ui.getState().openDialog({ kind: 'image', image })}
    >
      {caption ? (
        <>
          <span className="thumbnail">{picture}</span>
          <span className="caption" dir="auto">
            {caption}
          </span>
        </>
      ) : (
        picture
      )}
    </button>
  );
}
