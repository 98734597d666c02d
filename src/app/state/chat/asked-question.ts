import type { MessageImage, NewMessage, SourceText, TaskUse } from '../../../client/index.ts';
import { messageImageOf } from '../drafts/attachment.ts';

/** What is asked where images come without a text. */
const bareQuestion = 'Describe the image.';
/** And where a text of the reader's own does. */
const bareTextQuestion = 'Summarise the text.';

/** What a question is asked with, beside its words. */
export interface AskedAbout {
  images?: readonly MessageImage[] | undefined;
  sources?: SourceText[] | undefined;
  task?: TaskUse | null | undefined;
}

/** A question below `parentId`, as it is added to a conversation; null where nothing is asked. */
export function questionMessage(
  text: string,
  parentId: string | null,
  { images = [], sources = [], task }: AskedAbout,
): NewMessage | null {
  const bare = images.length > 0 ? bareQuestion : sources.length > 0 ? bareTextQuestion : '';
  const question = text.trim() || bare;
  if (!question) return null;
  const refs = images.map(messageImageOf);
  return {
    parentId,
    role: 'user',
    text: question,
    ...(refs.length > 0 ? { images: refs } : {}),
    ...(sources.length > 0 ? { sources } : {}),
    ...(task ? { task } : {}),
  };
}
