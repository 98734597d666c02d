import { createStore, type StoreApi } from 'zustand/vanilla';
import { type TaskUse, withMarksMoved } from '../../../client/index.ts';
import type { ChatStore } from '../conversation/chat-store.ts';
import type { Attachment } from './attachment.ts';
import type { SourceAttachment } from './draft-source.ts';

/** What was prepared in one conversation and not sent. */
export interface Draft {
  text: string;
  /** In the order in which the model is shown them. */
  attachments: Attachment[];
  /** Texts that it is asked about, in the order in which the model is given them. */
  sources: readonly SourceAttachment[];
  /** Questions being edited: the new text, by the message's id. */
  edits: Readonly<Record<string, string>>;
  /** The template with which the text was made. */
  task: TaskUse | null;
}

export interface DraftState {
  /** By conversation; none of those where nothing waits. */
  drafts: Readonly<Record<string, Draft>>;
}

export type DraftStore = StoreApi<DraftState>;

const emptyDraft: Draft = { text: '', attachments: [], sources: [], edits: {}, task: null };

export function createDraftStore(): DraftStore {
  return createStore<DraftState>(() => ({ drafts: {} }));
}

export function draftOf({ drafts }: DraftState, conversationId: string): Draft {
  return drafts[conversationId] ?? emptyDraft;
}

export function isEmpty({ text, attachments, sources, edits }: Draft): boolean {
  return text === '' && attachments.length === 0 && sources.length === 0 && Object.keys(edits).length === 0;
}

/** Changes what waits in that conversation and in no other. A text that comes without a template is one that was changed by hand. */
export function changeDraft(store: DraftStore, conversationId: string, changes: Partial<Draft>): void {
  store.setState(({ drafts }) => {
    const before = drafts[conversationId] ?? emptyDraft;
    const draft = {
      ...before,
      text: followedText(before, changes),
      task: taskOf(before, changes),
      ...changes,
    };
    const { [conversationId]: _, ...others } = drafts;
    return { drafts: isEmpty(draft) ? others : { ...others, [conversationId]: draft } };
  });
}

/** Where images change their places, their marks in the text do. */
function followedText({ text, attachments }: Draft, { attachments: now }: Partial<Draft>): string {
  if (!now) return text;
  return withMarksMoved(text, place => {
    const moved = attachments[place];
    if (!moved) return place;
    const found = now.findIndex(({ key }) => key === moved.key);
    return found < 0 ? undefined : found;
  });
}

function taskOf({ text, task }: Draft, changes: Partial<Draft>): TaskUse | null {
  if (!task || changes.text === undefined || changes.text === text) return task;
  return changes.text.trim() === '' ? null : { ...task, isEdited: true };
}

/** `text` null: the question is not edited any more. */
export function changeEdit(
  store: DraftStore,
  conversationId: string,
  messageId: string,
  text: string | null,
): void {
  const { [messageId]: _, ...edits } = draftOf(store.getState(), conversationId).edits;
  changeDraft(store, conversationId, { edits: text === null ? edits : { ...edits, [messageId]: text } });
}

/** What waits in the conversation that is shown. */
export interface ShownDraft extends Draft {
  conversationId: string;
}

/** To read alone: it follows the conversation that is shown, and what is prepared there. */
export type ShownDraftStore = Pick<StoreApi<ShownDraft>, 'getState' | 'getInitialState' | 'subscribe'>;

export function followShownDraft(chat: ChatStore, drafts: DraftStore): ShownDraftStore {
  const read = (): ShownDraft => {
    const conversationId = chat.getState().tree.conversation.id;
    return { ...draftOf(drafts.getState(), conversationId), conversationId };
  };
  const store = createStore<ShownDraft>(read);
  // Every token of an answer changes the chat: what did not change here tells nobody.
  const follow = () => {
    const [shown, now] = [store.getState(), read()];
    const isSame = Object.entries(now).every(([field, value]) => shown[field as keyof ShownDraft] === value);
    if (!isSame) store.setState(now);
  };
  chat.subscribe(follow);
  drafts.subscribe(follow);
  return store;
}
