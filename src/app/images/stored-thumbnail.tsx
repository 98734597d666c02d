import type { MessageImage } from '../../client/index.ts';
import { ImageIcon } from '../controls/icons.tsx';
import { drawnMarks } from '../state/images/drawn-shapes.ts';
import type { Sight } from '../state/images/sights.ts';
import { Thumbnail } from './thumbnail.tsx';
import { useStoredImage } from './use-stored-image.ts';

interface StoredThumbnailProps {
  conversationId: string;
  image: MessageImage;
  /** What models saw of it. */
  sights?: readonly Sight[];
  /** The model that answered without seeing it. */
  blindAnswerer?: string | undefined;
  caption?: string;
}

export function StoredThumbnail(props: StoredThumbnailProps) {
  const { conversationId, image, sights = [], blindAnswerer, caption } = props;
  const { status, blob } = useStoredImage(conversationId, image.id);
  const { id, name, width, height, presentation } = image;
  const shown = presentation ? { id, presentation } : { id };
  if (blob)
    return (
      <Thumbnail
        image={{ blob, ...shown, name, width, height, sights, blindAnswerer, shapes: drawnMarks(image) }}
        caption={caption}
      />
    );
  const label = status === 'missing' ? `${name} is no longer kept on this device` : name;
  const place = (
    <span className="thumbnail" role="img" aria-label={label} title={label}>
      <ImageIcon />
    </span>
  );
  if (!caption) return place;
  return (
    <span className="captioned">
      {place}
      <span className="caption" dir="auto">
        {caption}
      </span>
    </span>
  );
}
