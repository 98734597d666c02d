import { answerOf, type Message, pathTo, type SourceText } from '../../client/index.ts';
import { confidenceOf } from '../confidence/requested-scores.ts';
import { buildAll } from '../controls/use-near.ts';
import { printAnswer } from '../print/print-messages.ts';
import type { App } from '../state/create-app.ts';
import { canAsk } from '../state/drafts/attachment.ts';
import { isReadySource, wholeSource } from '../state/drafts/draft-source.ts';
import type { Action } from './action.ts';
import { pressing } from './press-control.ts';

const focusQuestion = () => document.querySelector<HTMLElement>('#question')?.focus();

const isRunning = ({ chat }: App) => chat.getState().run !== null;

/** One that is attached, or else of the last question that has one. */
function lastSource({ shownDraft, chat }: App): { source: SourceText; draftKey?: string } | undefined {
  const attached = shownDraft.getState().sources.findLast(isReadySource);
  if (attached) return { source: wholeSource(attached), draftKey: attached.key };
  const source = pathTo(chat.getState().tree)
    .findLast(({ sources }) => sources)
    ?.sources?.at(-1);
  return source && { source };
}

function whyNotSend(app: App): string | null {
  const { text, attachments, sources } = app.shownDraft.getState();
  if (isRunning(app)) return 'An answer is being written.';
  return canAsk(text, attachments, sources) ? null : 'No question is written.';
}

export const questionActions: readonly Action[] = [
  {
    id: 'to-question',
    name: 'Go to the question',
    words: 'type write field focus',
    keys: { key: 'Escape', isShift: true },
    run: focusQuestion,
  },
  {
    id: 'send',
    name: 'Send the question',
    words: 'ask submit',
    keys: { key: 'Enter' },
    heardBy: 'in the question',
    whyNot: whyNotSend,
    run: ({ chatController, shownDraft }) => {
      const { text, conversationId } = shownDraft.getState();
      focusQuestion();
      void chatController.send(text, conversationId);
    },
  },
  {
    id: 'new-line',
    name: 'New line',
    keys: { key: 'Enter', isShift: true },
    heardBy: 'in the question',
    isKeyOnly: true,
    run: focusQuestion,
  },
  {
    id: 'templates',
    name: 'Templates…',
    words: 'task form prompt library exam differential report note',
    keys: { key: '/' },
    heardBy: 'in the empty question',
    run: ({ ui }) => ui.getState().openDialog({ kind: 'templates' }),
  },
  {
    id: 'attach',
    name: 'Attach an image…',
    words: 'file picture photo dicom study upload',
    run: () => document.querySelector<HTMLElement>('.composer button.attach')?.click(),
  },
  {
    id: 'attach-text',
    name: 'Attach a text…',
    words: 'file pdf guideline report source document paste upload',
    run: () => document.querySelector<HTMLElement>('.composer button.attach-text')?.click(),
  },
  {
    id: 'open-source',
    name: 'Open the last text',
    words: 'source pdf guideline report document pages passage',
    whyNot: app => (lastSource(app) ? null : 'There is no text in this conversation.'),
    run: app => {
      const found = lastSource(app);
      if (found) app.ui.getState().openDialog({ kind: 'source', ...found });
    },
  },
  {
    id: 'open-study',
    name: 'Look through a study…',
    words: 'folder series dicom ct sample images reading room',
    run: ({ ui }) => ui.getState().openDialog({ kind: 'studies' }),
  },
  {
    id: 'edit-question',
    name: 'Edit the last question',
    words: 'change correct again',
    keys: { key: 'e', isCtrl: true, isShift: true },
    ...pressing('Edit question', 'There is no question to edit now.'),
  },
];

/** The last one that says something and is not being written. */
function lastAnswer({ chat }: App): Message | undefined {
  const { tree, run } = chat.getState();
  return pathTo(tree).findLast(
    ({ id, role, text }) => role === 'assistant' && id !== run?.messageId && answerOf(text) !== '',
  );
}

/** The same, where it is a model's own and none is at work. */
function lastToAsk(app: App): Message | undefined {
  const answer = lastAnswer(app);
  return answer && !answer.edit && !isRunning(app) ? answer : undefined;
}

export const answerActions: readonly Action[] = [
  {
    id: 'stop',
    name: 'Stop the answer',
    words: 'cancel abort end',
    keys: { key: 'Escape' },
    whyNot: app => (isRunning(app) ? null : 'No answer is being written.'),
    run: ({ chatController }) => chatController.stop(),
  },
  {
    id: 'copy-answer',
    name: 'Copy the last answer',
    words: 'clipboard',
    keys: { key: 'c', isCtrl: true, isShift: true },
    ...pressing('Copy answer', 'There is no answer to copy.'),
  },
  {
    id: 'copy-answer-as',
    name: 'Ways to copy the last answer…',
    words: 'clipboard markdown plain text rich formatting word provenance',
    ...pressing('More for this answer', 'There is no answer to copy.'),
  },
  {
    id: 'edit-answer',
    name: 'Edit the last answer',
    words: 'change correct words branch version',
    ...pressing('Edit answer', 'There is no answer to edit now.'),
  },
  {
    id: 'rate-answer',
    name: 'Rate the last answer…',
    words: 'correct incorrect unsafe feedback judge note',
    ...pressing('Rate this answer', 'There is no answer to rate.'),
  },
  {
    id: 'read-aloud',
    name: 'Read the last answer aloud',
    words: 'speak speech voice listen sound',
    ...pressing('Read aloud', 'There is no answer to read, or no voice on this device.'),
  },
  {
    id: 'stop-reading',
    name: 'Stop reading aloud',
    words: 'speech voice silence quiet',
    ...pressing('Stop reading', 'Nothing is read aloud.'),
  },
  {
    id: 'regenerate',
    name: 'Answer again',
    words: 'regenerate retry another version',
    ...pressing('Regenerate', 'There is no answer to write again now.'),
  },
  {
    id: 'continue',
    name: 'Continue the answer',
    words: 'go on longer',
    ...pressing('Continue', 'The last answer was not cut off.'),
  },
  {
    id: 'print-answer',
    name: 'Print the last answer…',
    words: 'paper pdf',
    whyNot: app => (lastAnswer(app) ? null : 'There is no answer to print.'),
    run: app => {
      // It may be far from what is seen.
      buildAll();
      const row = document.querySelector(`[data-message="${lastAnswer(app)?.id}"]`);
      if (row) printAnswer(row);
    },
  },
  {
    id: 'answer-record',
    name: 'Record of the last answer…',
    words: 'provenance prompt reproduce again audit seed',
    ...pressing('Record of this answer', 'There is no answer yet.'),
  },
  {
    id: 'ask-several-times',
    name: 'Ask the last question several times…',
    words: 'samples seeds again side by side agreement',
    whyNot: app => (lastToAsk(app) ? null : 'There is no answer beside which others could stand now.'),
    run: app => {
      const answer = lastToAsk(app);
      if (answer) app.ui.getState().openDialog({ kind: 'samples', answerId: answer.id });
    },
  },
  {
    id: 'compare-options',
    name: 'Compare the options of the last question',
    words: 'multiple choice letters likelihood',
    ...pressing('Compare the options', 'The last question has no options that could be compared now.'),
  },
  {
    id: 'underline-words',
    name: 'Underline uncertain words of the last answer',
    words: 'probability likelihood confidence certain token',
    whyNot: app => (lastToAsk(app) ? null : 'There is no answer to read again now.'),
    run: app => {
      const answer = lastToAsk(app);
      if (answer) void confidenceOf(app).toggleWords(answer);
    },
  },
];
