import type { ImagePlan, MessageImage } from '../../client/index.ts';
import { ImageIcon } from '../shell/icons.tsx';
import { Thumbnail } from './thumbnail.tsx';
import { useStoredImage } from './use-stored-image.ts';

interface StoredThumbnailProps {
  conversationId: string;
  image: MessageImage;
  /** How the model cut it, where that is known. */
  plan?: ImagePlan | null;
  caption?: string;
}

export function StoredThumbnail({ conversationId, image, plan = null, caption }: StoredThumbnailProps) {
  const { status, blob } = useStoredImage(conversationId, image.id);
  const { name, width, height } = image;
  if (blob) return <Thumbnail image={{ blob, name, width, height, plan }} caption={caption} />;
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
      <span className="caption">{caption}</span>
    </span>
  );
}
