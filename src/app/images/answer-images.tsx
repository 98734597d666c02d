import { useMemo } from 'react';
import { type ImagePlan, type ImageUse, type Message, pathTo } from '../../client/index.ts';
import { visionUseInWords } from '../format/vision.ts';
import { useChat, useModel } from '../state/app-context.tsx';
import { ImageNotice } from './image-notice.tsx';
import { StoredThumbnail } from './stored-thumbnail.tsx';

/** Under an answer about images: which ones, what the model saw of them, and what that is worth. */
export function AnswerImages({ answer }: { answer: Message }) {
  const tree = useChat(state => state.tree);
  // The answer does not say how large its model's tiles were; the model on duty does, where it is the same one.
  const tileSize = useModel(({ entry, info }) =>
    entry?.name === answer.model ? info?.vision?.tileSize : undefined,
  );
  const uses = answer.vision?.images ?? [];
  const known = useMemo(() => {
    const images = pathTo(tree, answer.id).flatMap(message => message.images ?? []);
    return new Map(images.map(image => [image.id, image]));
  }, [tree, answer.id]);
  if (!answer.vision || uses.length === 0) return null;
  return (
    <div className="answer-images">
      <ul aria-label="Images of this answer">
        {uses.map(use => {
          const image = known.get(use.id);
          if (!image) return null;
          return (
            <li key={use.id}>
              <StoredThumbnail
                conversationId={answer.conversationId}
                image={image}
                plan={planOf(use, tileSize)}
                caption={`About: ${image.name}`}
              />
            </li>
          );
        })}
      </ul>
      <p className="muted">The model saw {visionUseInWords(answer.vision)}.</p>
      <ImageNotice />
    </div>
  );
}

function planOf(use: ImageUse, tileSize: number | undefined): ImagePlan | null {
  const { detailed, adaptive, tiles, visualTokens } = use;
  return tileSize === undefined ? null : { detailed, adaptive, tiles, visualTokens, tileSize };
}
