import {
  addMessage,
  createConversation,
  findMessage,
  pathTo,
  siblings,
  switchBranch,
  titleFrom,
} from '../../client/index.ts';
import type { AnswerRunner } from './answer-runner.ts';
import type { ChatStore } from './chat-store.ts';
import type { LibraryController } from './library-controller.ts';
import type { UiStore } from './ui-store.ts';

const continueRequest = 'Please continue your last answer from where it stopped.';

/** What a reader does in a conversation. Each turn is a message in a tree; a new version is a new sibling. */
export class ChatController {
  readonly #store: ChatStore;
  readonly #library: LibraryController;
  readonly #runner: AnswerRunner;
  readonly #ui: UiStore;

  constructor(store: ChatStore, library: LibraryController, runner: AnswerRunner, ui: UiStore) {
    this.#store = store;
    this.#library = library;
    this.#runner = runner;
    this.#ui = ui;
  }

  /** Settles when the answer has ended, however it ended. While another is written, it does nothing. */
  async send(text: string): Promise<void> {
    await this.#ask(text, this.#store.getState().tree.conversation.currentLeafId);
  }

  stop(): void {
    this.#runner.stop();
  }

  /** Another version of an answer, to the same question. */
  async regenerate(answerId: string): Promise<void> {
    const { tree, run } = this.#store.getState();
    const answer = findMessage(tree, answerId);
    if (answer?.parentId && !run) await this.#answer(answer.parentId);
  }

  /** Asks the model to go on; only models that read earlier turns can. */
  async continueAnswer(answerId: string): Promise<void> {
    await this.#ask(continueRequest, answerId);
  }

  /** Another version of a question, with an answer of its own. */
  async editAndResend(questionId: string, text: string): Promise<void> {
    const question = findMessage(this.#store.getState().tree, questionId);
    if (question) await this.#ask(text, question.parentId);
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
    const { run, tree } = this.#store.getState();
    if (run?.conversation.id === id) await this.#runner.stopAndSettle();
    if (tree.conversation.id === id) this.newChat();
    await this.#library.remove(id, () => void this.open(id));
  }

  async removeAll(): Promise<void> {
    await this.#runner.stopAndSettle();
    this.newChat();
    await this.#library.removeAll();
  }

  async #ask(text: string, parentId: string | null): Promise<void> {
    const question = text.trim();
    const { tree, run } = this.#store.getState();
    if (!question || run) return;
    const asked = addMessage(tree, { parentId, role: 'user', text: question });
    const { conversation } = asked.tree;
    const title = conversation.title || titleFrom(question);
    this.#store.setState({ tree: { ...asked.tree, conversation: { ...conversation, title } } });
    await this.#answer(asked.message.id);
  }

  async #answer(questionId: string): Promise<void> {
    const { tree } = this.#store.getState();
    const answering = addMessage(tree, { parentId: questionId, role: 'assistant', text: '' });
    this.#store.setState({ tree: answering.tree });
    await this.#runner.run(answering.tree.conversation, pathTo(tree, questionId), answering.message);
  }
}
