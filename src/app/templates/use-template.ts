import type { TaskTemplate, TaskUse } from '../../client/index.ts';
import type { App } from '../state/create-app.ts';
import { hasWords } from '../state/drafts/attachment.ts';
import { changeDraft, draftOf } from '../state/drafts/draft-store.ts';

const focusQuestion = () => document.querySelector<HTMLElement>('#question')?.focus();

const taskUse = ({ id, version, name }: TaskTemplate, isEdited: boolean): TaskUse => ({
  id,
  version,
  name,
  isEdited,
});

/** Where it can be changed, below what is written there already. */
export function putIntoQuestion(app: App, conversationId: string, template: TaskTemplate, question: string) {
  const { text } = draftOf(app.drafts.getState(), conversationId);
  const isBelow = hasWords(text);
  changeDraft(app.drafts, conversationId, {
    text: isBelow ? `${text}\n\n${question}` : question,
    task: taskUse(template, isBelow),
  });
  focusQuestion();
}

/** What is written in the question field stays there. */
export function sendAtOnce(app: App, conversationId: string, template: TaskTemplate, question: string) {
  focusQuestion();
  void app.chatController.send(question, conversationId, taskUse(template, false));
}
