import { useMemo } from 'react';
import { imageKey, type Message, pathTo } from '../../client/index.ts';
import { imageInWords } from '../format/image-in-words.ts';
import { regionInWords } from '../format/regions.ts';
import { useChat } from '../state/app-context.tsx';
import { marksShown } from '../state/images/drawn-shapes.ts';
import { blindAnswererOf, sightsOfQuestion } from '../state/images/sights.ts';
import { StoredThumbnail } from './stored-thumbnail.tsx';

/** What a question asks about; opened, each image shows what the answers of this branch saw of it. */
export function QuestionImages({ question }: { question: Message }) {
  const tree = useChat(state => state.tree);
  const path = useMemo(() => (question.images ? pathTo(tree) : []), [question.images, tree]);
  if (!question.images) return null;
  return (
    <ul className="question-images" aria-label="Images of this question">
      {question.images.map(image => (
        <li key={imageKey(image.id, image.presentation)}>
          <StoredThumbnail
            conversationId={question.conversationId}
            image={image}
            sights={sightsOfQuestion(path, question.id, image)}
            blindAnswerer={blindAnswererOf(path, question.id)}
          />
          <p className="printed" aria-hidden="true" dir="auto">
            {imageInWords(image)}
          </p>
          {marksShown(image).length > 0 && (
            <ul className="question-marks" aria-label={`Marks on ${image.name}`}>
              {marksShown(image).map(region => (
                <li key={region.number} dir="auto">
                  {regionInWords(region)}
                </li>
              ))}
            </ul>
          )}
        </li>
      ))}
    </ul>
  );
}
