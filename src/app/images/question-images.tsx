import type { Message } from '../../client/index.ts';
import { StoredThumbnail } from './stored-thumbnail.tsx';

/** What a question asks about. */
export function QuestionImages({ question }: { question: Message }) {
  if (!question.images) return null;
  return (
    <ul className="question-images" aria-label="Images of this question">
      {question.images.map(image => (
        <li key={image.id}>
          <StoredThumbnail conversationId={question.conversationId} image={image} />
        </li>
      ))}
    </ul>
  );
}
