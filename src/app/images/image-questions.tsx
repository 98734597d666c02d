import { useApp, useAttachments } from '../state/app-context.tsx';
import { isReady } from '../state/drafts/attachment.ts';
import { useAnsweringEntry } from '../state/use-next-answerer.ts';

/** What the model on duty is good for, once there is an image to ask about. */
export function ImageQuestions() {
  const { chatController } = useApp();
  const hasImages = useAttachments(state => state.attachments.length > 0 && state.attachments.every(isReady));
  const entry = useAnsweringEntry();
  if (!hasImages || !entry?.vision || entry.suggestedQuestions.length === 0) return null;
  return (
    <ul className="image-questions" aria-label="Questions about the image">
      {entry.suggestedQuestions.map(question => (
        <li key={question}>
          <button type="button" onClick={() => void chatController.askExample(question)}>
            {question}
          </button>
        </li>
      ))}
    </ul>
  );
}
