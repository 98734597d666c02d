import {
  addMessage,
  type ChangedConversation,
  createConversation,
  findMessage,
  type MessageImage,
  mergeTrees,
  pathTo,
  replaceMessage,
  type SampleImage,
  type StoredImage,
  siblings,
  switchBranch,
  titleFrom,
  toErrorData,
} from '../../client/index.ts';
import type { Services } from '../services.ts';
import type { AnswerRunner } from './answer-runner.ts';
import { canAsk, type ReadyAttachment } from './attachment-store.ts';
import type { AttachmentsController } from './attachments-controller.ts';
import type { ChatStore } from './chat-store.ts';
import type { ImageShelf } from './image-shelf.ts';
import { type LibraryController, ofLaterVersion } from './library-controller.ts';
import type { UiStore } from './ui-store.ts';

/** What is asked where images come without a text. */
const bareQuestion = 'Describe the image.';

interface Dependencies {
  chat: ChatStore;
  library: LibraryController;
  runner: AnswerRunner;
  attachments: AttachmentsController;
  shelf: ImageShelf;
  ui: UiStore;
  fetchSample: Services['fetchSample'];
}

/** What a reader does in a conversation. Each turn is a message in a tree; a new version is a new sibling. */
export class ChatController {
  readonly #store: ChatStore;
  readonly #library: LibraryController;
  readonly #runner: AnswerRunner;
  readonly #attachments: AttachmentsController;
  readonly #shelf: ImageShelf;
  readonly #ui: UiStore;
  readonly #fetchSample: Services['fetchSample'];

  constructor({ chat, library, runner, attachments, shelf, ui, fetchSample }: Dependencies) {
    this.#store = chat;
    this.#library = library;
    this.#runner = runner;
    this.#attachments = attachments;
    this.#shelf = shelf;
    this.#ui = ui;
    this.#fetchSample = fetchSample;
  }

  /** With the images attached. Settles when the answer has ended. While another is written, it does nothing. */
  async send(text: string): Promise<void> {
    const { tree, run } = this.#store.getState();
    if (run || !canAsk(text, this.#attachments.current)) return;
    const { id, currentLeafId } = tree.conversation;
    const images = this.#attachments.take().map(attachment => imageOf(attachment, id));
    this.#shelf.hold(images);
    await this.#ask(text, currentLeafId, images);
  }

  /** Attaches a sample and asks its question. */
  async askAboutSample(sample: SampleImage): Promise<void> {
    try {
      this.#attachments.add([await this.#fetchSample(sample)]);
    } catch (thrown) {
      const { message, advice } = toErrorData(thrown);
      this.#ui.getState().showToast(`${message} ${advice}`);
      return;
    }
    await this.#attachments.whenRead();
    await this.send(sample.question);
  }

  stop(): void {
    this.#runner.stop();
  }

  /** Another version of an answer, to the same question. */
  async regenerate(answerId: string): Promise<void> {
    const { tree, run } = this.#store.getState();
    const answer = findMessage(tree, answerId);
    if (answer?.parentId && !run && !this.#isReadOnly()) await this.#answer(answer.parentId);
  }

  /** An answer that was cut off goes on where it stopped. */
  async continueAnswer(answerId: string): Promise<void> {
    const { tree, run } = this.#store.getState();
    const found = findMessage(tree, answerId);
    if (found?.role !== 'assistant' || !found.parentId || run || this.#isReadOnly()) return;
    // What a later version wrote is not written over.
    if (found.condition === 'later-version') return this.regenerate(answerId);
    const { stopReason: _, error: __, usage: ___, ...answer } = found;
    this.#store.setState({ tree: replaceMessage(tree, answer) });
    await this.#runner.run(tree.conversation, pathTo(tree, found.parentId), answer);
  }

  /** Another version of a question, about the same images, with an answer of its own. */
  async editAndResend(questionId: string, text: string): Promise<void> {
    const question = findMessage(this.#store.getState().tree, questionId);
    if (question) await this.#ask(text, question.parentId, question.images);
  }

  /** Shows the version `step` places away from `messageId`, to the end of its branch. */
  async switchBranch(messageId: string, step: 1 | -1): Promise<void> {
    const { tree } = this.#store.getState();
    const { messages, index } = siblings(tree, messageId);
    const other = messages[index + step];
    if (!other) return;
    const switched = switchBranch(tree, other.id);
    this.#store.setState({ tree: switched });
    await this.#library.save(switched.conversation);
  }

  newChat(): void {
    this.#store.setState({ tree: createConversation() });
    this.#ui.getState().setDrawerOpen(false);
  }

  async open(id: string): Promise<void> {
    const { run } = this.#store.getState();
    const { settled } = this.#runner;
    let tree = await this.#library.load(id);
    const hasEnded = run?.conversation.id === id && this.#store.getState().run?.messageId !== run.messageId;
    if (hasEnded) {
      // What was read is the answer as it was before its end.
      await settled;
      tree = await this.#library.load(id);
    }
    if (!tree) return;
    this.#store.setState({ tree });
    this.#ui.getState().setDrawerOpen(false);
  }

  async rename(id: string, title: string): Promise<void> {
    const trimmed = title.trim();
    if (!trimmed) return;
    // Whatever is saved next carries the index record with it, so every copy has to know.
    this.#store.setState(({ tree, run }) => ({
      tree:
        tree.conversation.id === id
          ? { ...tree, conversation: { ...tree.conversation, title: trimmed } }
          : tree,
      run:
        run?.conversation.id === id ? { ...run, conversation: { ...run.conversation, title: trimmed } } : run,
    }));
    await this.#library.rename(id, trimmed);
  }

  async remove(id: string): Promise<void> {
    let held: StoredImage[] = [];
    const isRemoved = await this.#library.remove(id, {
      settle: async () => {
        if (this.#store.getState().run?.conversation.id === id) await this.#runner.stopAndSettle();
        held = this.#shelf.release(id);
      },
      onRestored: () => {
        this.#shelf.hold(held);
        void this.open(id);
      },
    });
    if (isRemoved && this.#store.getState().tree.conversation.id === id) this.newChat();
  }

  async removeAll(): Promise<void> {
    const isRemoved = await this.#library.removeAll(() => this.#runner.stopAndSettle());
    if (!isRemoved) return;
    this.#shelf.release();
    this.newChat();
  }

  /** Another tab has stored this: what is shown of it follows. */
  noteChanged(news: ChangedConversation): void {
    this.#library.noteChanged(news);
    const { tree, run } = this.#store.getState();
    if (tree.conversation.id !== news.conversation.id) return;
    const ownId = run?.conversation.id === tree.conversation.id ? run.messageId : null;
    this.#store.setState({ tree: mergeTrees(tree, news, ownId) });
  }

  /** Another tab has deleted conversation `id`, or all of them: nothing of them is shown or stored here any more. */
  async noteDeleted(id?: string): Promise<void> {
    const { tree, run } = this.#store.getState();
    const held = [tree.conversation.id, ...(run ? [run.conversation.id] : [])];
    const gone = held.filter(each => id === undefined || each === id);
    if (id === undefined) this.#library.noteAllDeleted(gone);
    else this.#library.noteDeleted(id);
    for (const each of gone) this.#shelf.release(each);
    if (run && gone.includes(run.conversation.id)) await this.#runner.stopAndSettle();
    const { tree: shown } = this.#store.getState();
    if (shown.messages.length === 0 || !gone.includes(shown.conversation.id)) return;
    this.#store.setState({ tree: createConversation() });
    this.#ui.getState().showToast('This conversation was deleted in another tab.');
  }

  async #ask(text: string, parentId: string | null, images: readonly MessageImage[] = []): Promise<void> {
    const question = text.trim() || (images.length > 0 ? bareQuestion : '');
    const { tree, run } = this.#store.getState();
    if (!question || run || this.#isReadOnly()) return;
    const refs = images.map(({ id, name, width, height }) => ({ id, name, width, height }));
    const asked = addMessage(tree, {
      parentId,
      role: 'user',
      text: question,
      ...(refs.length > 0 ? { images: refs } : {}),
    });
    const { conversation } = asked.tree;
    const title = conversation.title || titleFrom(question);
    this.#store.setState({ tree: { ...asked.tree, conversation: { ...conversation, title } } });
    await this.#answer(asked.message.id);
  }

  #isReadOnly(): boolean {
    const isLater = this.#store.getState().tree.conversation.condition === 'later-version';
    if (isLater) this.#ui.getState().showToast(ofLaterVersion);
    return isLater;
  }

  async #answer(questionId: string): Promise<void> {
    const { tree } = this.#store.getState();
    const answering = addMessage(tree, { parentId: questionId, role: 'assistant', text: '' });
    this.#store.setState({ tree: answering.tree });
    await this.#runner.run(answering.tree.conversation, pathTo(tree, questionId), answering.message);
  }
}

function imageOf({ name, blob, report }: ReadyAttachment, conversationId: string): StoredImage {
  const { id, width, height, isAnimated } = report;
  return {
    v: 1,
    id,
    conversationId,
    name,
    mediaType: blob.type || `image/${report.format}`,
    blob,
    width,
    height,
    isAnimated,
    createdAt: Date.now(),
  };
}
