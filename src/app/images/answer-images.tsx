import { useMemo } from 'react';
import { imageKey, type Message, pathTo } from '../../client/index.ts';
import { visionUseInWords } from '../format/vision.ts';
import { useChat, useModel } from '../state/app-context.tsx';
import { sightOf } from '../state/images/sights.ts';
import { hasWritten } from '../state/model/model-identity.ts';
import { onDuty } from '../state/model/model-store.ts';
import { ImageNotice } from './image-notice.tsx';
import { StoredThumbnail } from './stored-thumbnail.tsx';

/** Under an answer about images: which ones, what the model saw of them, and what that is worth. */
export function AnswerImages({ answer }: { answer: Message }) {
  const tree = useChat(state => state.tree);
  // What earlier versions stored does not say how large the tiles were; the model on duty does, where it is the same one.
  const tileSize = useModel(state => {
    const model = onDuty(state);
    return model && hasWritten(model, answer) ? state.info?.vision?.tileSize : undefined;
  });
  const uses = answer.vision?.images ?? [];
  const known = useMemo(() => {
    const images = pathTo(tree, answer.id).flatMap(message => message.images ?? []);
    return new Map(images.map(image => [image.id, image]));
  }, [tree, answer.id]);
  const place =
    pathTo(tree)
      .filter(({ role }) => role === 'assistant')
      .findIndex(({ id }) => id === answer.id) + 1;
  if (!answer.vision || uses.length === 0) return null;
  return (
    <div className="answer-images">
      <ul aria-label="Images of this answer">
        {uses.map(use => {
          const image = known.get(use.id);
          if (!image) return null;
          const { regions: _, presentation: __, ...file } = image;
          const seen = use.presentation ? { ...file, presentation: use.presentation } : file;
          return (
            <li key={imageKey(use.id, use.presentation)}>
              <StoredThumbnail
                conversationId={answer.conversationId}
                image={seen}
                sights={[sightOf(answer, use, place, tileSize)]}
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
