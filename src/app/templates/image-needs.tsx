import { pathTo, type TaskTemplate } from '../../client/index.ts';
import { FilePickerButton } from '../controls/file-picker-button.tsx';
import { WarningIcon } from '../controls/icons.tsx';
import { imageFiles } from '../images/image-files.ts';
import { useApp, useAttachments, useChat, useModel } from '../state/app-context.tsx';
import { chooseAnswerer } from '../state/model/choose-answerer.ts';
import { onDuty } from '../state/model/model-store.ts';
import { useNextAnswerer } from '../state/use-next-answerer.ts';

export interface Needs {
  /** In sentences; empty where nothing has to be said. */
  words: readonly string[];
  /** Images, or a model that sees them. */
  lacks: boolean;
  canAttach: boolean;
}

/** What a template about images needs that is not there, and which model would look at them. */
export function useImageNeeds({ images }: TaskTemplate): Needs {
  const attached = useAttachments(({ attachments }) => attachments.length);
  const tree = useChat(state => state.tree);
  const models = useModel(state => state);
  const { followsImages } = useNextAnswerer();
  if (images === 0) return { words: [], lacks: false, canAttach: false };
  const earlier = followsImages
    ? pathTo(tree).reduce((count, message) => count + (message.images?.length ?? 0), 0)
    : 0;
  const there = attached + earlier;
  const words: string[] = [];
  if (there < images) {
    const have = ['none is', 'one is'][there] ?? '';
    words.push(
      images === 1
        ? 'This question is about an image, and none is attached yet.'
        : `This question is about two images, and ${have} attached yet.`,
    );
  }
  const seeing = chooseAnswerer({ hasImages: true, followsImages: false }, models).model?.entry;
  const duty = onDuty(models)?.entry;
  if (!seeing) words.push('No model here looks at images: choose one that does among the models.');
  else if (duty && duty.id !== seeing.id) {
    words.push(`${duty.name} reads text alone. ${seeing.name}, which looks at images, would answer.`);
  }
  return { words, lacks: there < images || !seeing, canAttach: there < images };
}

export function ImageNeeds({ needs: { words, canAttach } }: { needs: Needs }) {
  const { openFiles } = useApp();
  return (
    <div role="status" aria-label="Images">
      {words.length > 0 && (
        <p className="image-notice">
          <WarningIcon size={16} />
          <span>{words.join(' ')}</span>
        </p>
      )}
      {canAttach && (
        <FilePickerButton label="Image files" accept={imageFiles} onPick={files => void openFiles(files)}>
          Attach an image…
        </FilePickerButton>
      )}
    </div>
  );
}
