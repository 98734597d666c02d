import {
  addMessage,
  type ChangedConversation,
  type Conversation,
  createConversation,
  findMessage,
  mergeTrees,
  type Preset,
  pathTo,
  replaceMessage,
  type SampleImage,
  type SamplingSettings,
  siblings,
  switchBranch,
  type TaskUse,
  titleFrom,
  toErrorData,
} from '../../../client/index.ts';
import type { Services } from '../../services/services.ts';
import type { ChatStore } from '../conversation/chat-store.ts';
import {
  type ConversationListController,
  ofLaterVersion,
} from '../conversation/conversation-list-controller.ts';
import {
  type Attachment,
  canAsk,
  hasWords,
  isRedactedInPlace,
  questionImage,
  storedImageOf,
} from '../drafts/attachment.ts';
import type { AttachmentsController } from '../drafts/attachments-controller.ts';
import type { DraftKeeper } from '../drafts/draft-keeper.ts';
import { sourceTextsOf } from '../drafts/draft-source.ts';
import { changeDraft, changeEdit, type DraftStore, draftOf, isEmpty } from '../drafts/draft-store.ts';
import type { ImageCache } from '../images/image-cache.ts';
import type { UiStore } from '../page/ui-store.ts';
import type { AnswerRunner } from './answer-runner.ts';
import { type AskedAbout, questionMessage } from './asked-question.ts';
import { type ConversationDependencies, ConversationRemoval } from './conversation-removal.ts';

interface Dependencies extends ConversationDependencies {
  fetchSample: Services['fetchSample'];
}

/** What a reader does in a conversation. Each turn is a message in a tree; a new version is a new sibling. */
export class ChatController {
  readonly #store: ChatStore;
  readonly #conversationList: ConversationListController;
  readonly #runner: AnswerRunner;
  readonly #attachments: AttachmentsController;
  readonly #drafts: DraftStore;
  readonly #draftKeeper: DraftKeeper;
  readonly #imageCache: ImageCache;
  readonly #ui: UiStore;
  readonly #fetchSample: Services['fetchSample'];
  readonly #removal: ConversationRemoval;
  /** The conversation that is being read to be shown. */
  #opening: symbol | null = null;

  constructor(dependencies: Dependencies) {
    const { chat, conversationList, runner, attachments, drafts, draftKeeper, imageCache, ui, fetchSample } =
      dependencies;
    this.#store = chat;
    this.#conversationList = conversationList;
    this.#runner = runner;
    this.#attachments = attachments;
    this.#drafts = drafts;
    this.#draftKeeper = draftKeeper;
    this.#imageCache = imageCache;
    this.#ui = ui;
    this.#fetchSample = fetchSample;
    this.#removal = new ConversationRemoval({
      ...dependencies,
      newChat: () => this.newChat(),
      open: id => this.open(id),
    });
  }

  get #shownId(): string {
    return this.#store.getState().tree.conversation.id;
  }

  /**
   * With the images attached; `made` with a template that is not in the draft. Settles when the answer has ended. It does nothing while another is written, nor where
   * another conversation than `conversationId`, in which the question was asked, is shown by now.
   */
  async send(text: string, conversationId: string = this.#shownId, made?: TaskUse): Promise<void> {
    const { tree, run } = this.#store.getState();
    const { id, currentLeafId } = tree.conversation;
    const draft = draftOf(this.#drafts.getState(), id);
    if (run || id !== conversationId || !canAsk(text, draft.attachments, draft.sources) || this.#isReadOnly())
      return;
    if (draft.attachments.some(isRedactedInPlace)) {
      if (await this.#redact(draft.attachments)) await this.send(text, conversationId, made);
      return;
    }
    const attached = this.#attachments.take(id);
    const images = attached.map(attachment => storedImageOf(attachment, id));
    const sources = sourceTextsOf(draft.sources);
    if (sources.length > 0) changeDraft(this.#drafts, id, { sources: [] });
    // An example leaves what the reader has written.
    if (draft.text === text) changeDraft(this.#drafts, id, { text: '' });
    this.#imageCache.put(images);
    const task = made ?? (draft.text === text ? draft.task : null);
    const answered = this.#ask(text, currentLeafId, { images: attached.map(questionImage), sources, task });
    this.#draftKeeper.noteSent(id, this.#runner.kept);
    await answered;
  }

  /** What is under the black of an image is never stored with a question. False where it could not be made sure; why is said. */
  async #redact(attachments: readonly Attachment[]): Promise<boolean> {
    try {
      for (const { key } of attachments.filter(isRedactedInPlace)) await this.#attachments.redact(key);
      return true;
    } catch (thrown) {
      this.#ui.getState().showToast(toErrorData(thrown).message);
      return false;
    }
  }

  /** Asks an example, or prepares it where an answer is written meanwhile. */
  async askExample(question: string, conversationId: string = this.#shownId): Promise<void> {
    if (!this.#store.getState().run && this.#shownId === conversationId) {
      await this.send(question, conversationId);
    } else this.#prepare(question, conversationId);
  }

  /** Attaches a sample and asks its question, in the conversation in which it was chosen. */
  async askAboutSample(sample: SampleImage): Promise<void> {
    const id = this.#shownId;
    try {
      this.#attachments.add([await this.#fetchSample(sample)], id);
    } catch (thrown) {
      const { message, advice } = toErrorData(thrown);
      this.#ui.getState().showToast(`${message} ${advice}`);
      return;
    }
    await this.#attachments.whenRead(id);
    await this.askExample(sample.question, id);
  }

  /** Below what the reader has written: nothing of that is lost for an example. */
  #prepare(question: string, conversationId: string): void {
    const { text } = draftOf(this.#drafts.getState(), conversationId);
    const isThere = text.split('\n').includes(question);
    if (!isThere) {
      changeDraft(this.#drafts, conversationId, { text: hasWords(text) ? `${text}\n${question}` : question });
    }
    this.noteWaiting();
  }

  /** Says why a question is not sent yet. */
  noteWaiting(): void {
    const { run } = this.#store.getState();
    if (!run) return;
    const place = run.conversation.id === this.#shownId ? '' : ` in “${run.conversation.title}”`;
    this.#ui
      .getState()
      .announce(`An answer is being written${place}. Your question is kept: send it when that has ended.`);
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

  edit(questionId: string, text: string): void {
    changeEdit(this.#drafts, this.#shownId, questionId, text);
  }

  /** Opens the question of an answer, as far as it was edited already. Returns its id. */
  editQuestionOf(answerId: string): string | null {
    const { tree } = this.#store.getState();
    const questionId = findMessage(tree, answerId)?.parentId;
    const question = questionId ? findMessage(tree, questionId) : undefined;
    if (!question) return null;
    const { edits } = draftOf(this.#drafts.getState(), this.#shownId);
    this.edit(question.id, edits[question.id] ?? question.text);
    return question.id;
  }

  dropEdit(questionId: string): void {
    changeEdit(this.#drafts, this.#shownId, questionId, null);
  }

  /**
   * Another version of a question, about the same images, with an answer of its own. While another is written it does
   * nothing, and the edit stays open.
   */
  async editAndResend(questionId: string, text: string): Promise<void> {
    const { tree, run } = this.#store.getState();
    const question = findMessage(tree, questionId);
    if (run) return this.noteWaiting();
    if (!question || this.#isReadOnly()) return;
    this.dropEdit(questionId);
    const { images, sources, task } = question;
    const isEdited = task?.isEdited || text.trim() !== question.text;
    const made = task && { ...task, isEdited };
    const answered = this.#ask(text, question.parentId, { images, sources, task: made });
    this.#draftKeeper.noteSent(tree.conversation.id, this.#runner.kept);
    await answered;
  }

  /** Shows the version `step` places away from `messageId`, to the end of its branch. */
  async switchBranch(messageId: string, step: 1 | -1): Promise<void> {
    const { tree } = this.#store.getState();
    const { messages, index } = siblings(tree, messageId);
    const other = messages[index + step];
    if (!other) return;
    const switched = switchBranch(tree, other.id);
    this.#store.setState({ tree: switched });
    await this.#conversationList.save(switched.conversation);
  }

  newChat(): void {
    this.#opening = null;
    this.#store.setState({ tree: createConversation() });
    this.#ui.getState().setDrawerOpen(false);
  }

  /** What is being opened is not wanted any more. */
  stay(): void {
    this.#opening = null;
  }

  /**
   * Shows a conversation, or a new chat in which something waits. The latest call counts, however long an earlier one
   * reads. False where this device has nothing of it.
   */
  async open(id: string): Promise<boolean> {
    const opening = Symbol(id);
    this.#opening = opening;
    const { run } = this.#store.getState();
    const { settled } = this.#runner;
    let tree = await this.#conversationList.load(id);
    const hasEnded = run?.conversation.id === id && this.#store.getState().run?.messageId !== run.messageId;
    if (hasEnded) {
      // What was read is the answer as it was before its end.
      await settled;
      tree = await this.#conversationList.load(id);
    }
    if (this.#opening !== opening) return true;
    this.#opening = null;
    if (tree === 'unreadable') return false;
    if (!tree && !isEmpty(draftOf(this.#drafts.getState(), id))) tree = createConversation({ id });
    if (!tree) return false;
    this.#store.setState({ tree });
    this.#ui.getState().setDrawerOpen(false);
    return true;
  }

  /** Shows a message of a conversation where it stands, on its own branch. False where this device does not have it. */
  async openAt(id: string, messageId: string): Promise<boolean> {
    if (!(await this.open(id))) return false;
    const { tree } = this.#store.getState();
    if (tree.conversation.id !== id || !findMessage(tree, messageId)) return false;
    if (!pathTo(tree).some(message => message.id === messageId)) {
      const switched = switchBranch(tree, messageId);
      this.#store.setState({ tree: switched });
      await this.#conversationList.save(switched.conversation);
    }
    this.#ui.getState().seekMessage(messageId);
    return true;
  }

  /**
   * How words are chosen in the conversation that is shown, from its next answer on; null: as in the others. Kept with it as soon as
   * something was asked in it.
   */
  async chooseSampling(sampling: SamplingSettings | null): Promise<void> {
    const { sampling: _, ...others } = this.#store.getState().tree.conversation;
    await this.#keepChosen(sampling ? { ...others, sampling } : others);
  }

  /** The same of all that a preset says. What was chosen beside an earlier one goes with it. */
  async choosePreset(preset: Preset | null): Promise<void> {
    const { preset: _, sampling: __, ...others } = this.#store.getState().tree.conversation;
    await this.#keepChosen(preset ? { ...others, preset } : others);
  }

  async #keepChosen(conversation: Conversation): Promise<void> {
    const { tree } = this.#store.getState();
    if (this.#isReadOnly()) return;
    this.#store.setState({ tree: { ...tree, conversation } });
    if (tree.messages.length > 0) await this.#conversationList.save(conversation);
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
    await this.#conversationList.rename(id, trimmed);
  }

  /** Into the bin, with a way back for some seconds. */
  remove(...ids: string[]): Promise<void> {
    return this.#removal.remove(ids);
  }

  removeAll(): Promise<void> {
    return this.#removal.removeAll();
  }

  /** What waits in a new chat is given up, with a way back for some seconds. */
  discardDraft(conversationId: string): void {
    this.#removal.discardDraft(conversationId);
  }

  /** Another tab has deleted conversation `id`, or all of them. */
  noteDeleted(id?: string): Promise<void> {
    return this.#removal.noteDeleted(id);
  }

  /** Another tab has stored this: what is shown of it follows. */
  noteChanged(news: ChangedConversation): void {
    this.#conversationList.noteChanged(news);
    const { tree, run } = this.#store.getState();
    if (tree.conversation.id !== news.conversation.id) return;
    const ownId = run?.conversation.id === tree.conversation.id ? run.messageId : null;
    this.#store.setState({ tree: mergeTrees(tree, news, ownId) });
  }

  async #ask(text: string, parentId: string | null, about: AskedAbout): Promise<void> {
    const question = questionMessage(text, parentId, about);
    const { tree, run } = this.#store.getState();
    if (!question || run || this.#isReadOnly()) return;
    const asked = addMessage(tree, question);
    const { conversation } = asked.tree;
    const title = conversation.title || titleFrom(question.text);
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
