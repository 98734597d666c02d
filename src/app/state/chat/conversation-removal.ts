import { createConversation, newId, type StoredImage } from '../../../client/index.ts';
import type { ChatStore } from '../conversation/chat-store.ts';
import type { ConversationListController } from '../conversation/conversation-list-controller.ts';
import type { AttachmentsController } from '../drafts/attachments-controller.ts';
import type { DraftKeeper } from '../drafts/draft-keeper.ts';
import { changeDraft, type Draft, type DraftStore, draftOf, isEmpty } from '../drafts/draft-store.ts';
import { type FormStore, forgetForms } from '../drafts/form-store.ts';
import type { ImageCache } from '../images/image-cache.ts';
import type { UiStore } from '../page/ui-store.ts';
import type { AnswerRunner } from './answer-runner.ts';

/** What the one that opens conversations needs as well. */
export interface ConversationDependencies {
  chat: ChatStore;
  conversationList: ConversationListController;
  runner: AnswerRunner;
  attachments: AttachmentsController;
  drafts: DraftStore;
  draftKeeper: DraftKeeper;
  forms: FormStore;
  imageCache: ImageCache;
  ui: UiStore;
}

interface Dependencies extends ConversationDependencies {
  newChat(): void;
  open(id: string): Promise<boolean>;
}

/** Conversations and what waits in them go, here or in another tab, and come back where that is wished. */
export class ConversationRemoval {
  readonly #use: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#use = dependencies;
  }

  /** Into the bin, with a way back for some seconds. */
  async remove(ids: readonly string[]): Promise<void> {
    const held: StoredImage[] = [];
    const left = new Map<string, Draft>();
    const gone = await this.#use.conversationList.remove(ids, {
      settle: async id => {
        if (this.#use.chat.getState().run?.conversation.id === id) await this.#use.runner.stopAndSettle();
        held.push(...this.#use.imageCache.take(id));
        left.set(id, draftOf(this.#use.drafts.getState(), id));
        this.#forgetDraft(id);
      },
      onRestored: restored => {
        this.#use.imageCache.put(held);
        for (const [id, draft] of left) this.#putBackDraft(id, draft);
        const [only] = restored;
        if (only !== undefined && restored.length === 1) void this.#use.open(only);
      },
    });
    if (gone.includes(this.#use.chat.getState().tree.conversation.id)) this.#use.newChat();
  }

  async removeAll(): Promise<void> {
    const isRemoved = await this.#use.conversationList.removeAll(() => this.#use.runner.stopAndSettle());
    if (!isRemoved) return;
    this.#use.imageCache.take();
    this.#forgetAllDrafts();
    this.#use.newChat();
  }

  /** Another tab has deleted conversation `id`, or all of them: nothing of them is shown or stored here any more. */
  async noteDeleted(id?: string): Promise<void> {
    const { tree, run } = this.#use.chat.getState();
    // Of an empty chat nothing was stored that could be deleted: what is asked there is a new conversation.
    const isEmptyChat =
      tree.messages.length === 0 && isEmpty(draftOf(this.#use.drafts.getState(), tree.conversation.id));
    const shownIds = isEmptyChat ? [] : [tree.conversation.id];
    const held = [...shownIds, ...(run ? [run.conversation.id] : [])];
    const gone = held.filter(each => id === undefined || each === id);
    if (id === undefined) this.#use.conversationList.noteAllDeleted(gone);
    else this.#use.conversationList.noteDeleted(id);
    for (const each of gone) this.#use.imageCache.take(each);
    if (id === undefined) this.#forgetAllDrafts();
    else this.#forgetDraft(id);
    if (run && gone.includes(run.conversation.id)) await this.#use.runner.stopAndSettle();
    const { tree: shown } = this.#use.chat.getState();
    if (!gone.includes(shown.conversation.id)) return;
    this.#use.chat.setState({ tree: createConversation() });
    this.#use.ui.getState().showToast('This conversation was deleted in another tab.');
  }

  /** What waits in a new chat is given up, with a way back for some seconds. */
  discardDraft(conversationId: string): void {
    const draft = draftOf(this.#use.drafts.getState(), conversationId);
    this.#forgetDraft(conversationId);
    this.#use.ui.getState().showToast('What was not sent was discarded.', {
      label: 'Undo',
      // Where something else waits by now, it becomes a chat of its own.
      run: () => this.#putBackDraft(conversationId, draft) || this.#putBackDraft(newId(), draft),
    });
  }

  #forgetDraft(conversationId: string): void {
    changeDraft(this.#use.drafts, conversationId, { text: '', attachments: [], sources: [], edits: {} });
    this.#use.draftKeeper.noteDeleted(conversationId);
    forgetForms(this.#use.forms, conversationId);
  }

  #forgetAllDrafts(): void {
    this.#use.drafts.setState({ drafts: {} });
    this.#use.draftKeeper.noteDeleted();
    forgetForms(this.#use.forms);
  }

  /** False where something newer waits there, which stays. */
  #putBackDraft(conversationId: string, draft: Draft): boolean {
    if (!isEmpty(draftOf(this.#use.drafts.getState(), conversationId))) return false;
    changeDraft(this.#use.drafts, conversationId, draft);
    this.#use.attachments.resume();
    return true;
  }
}
