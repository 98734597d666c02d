import { flushSync } from 'react-dom';
import { printConversation } from '../print/print-messages.ts';
import type { App } from '../state/create-app.ts';
import type { Action } from './action.ts';

const focusOn = (selector: string) => document.querySelector<HTMLElement>(selector)?.focus();

const isEmpty = ({ chat }: App) => chat.getState().tree.messages.length === 0;
const whyNotEmpty = (app: App) => (isEmpty(app) ? 'This conversation is empty.' : null);
const whyNoneKept = ({ conversationList }: App) =>
  conversationList.getState().conversations.length === 0 ? 'No conversation is kept here.' : null;

/** On a narrow page the list is a drawer: it has to be open before anything in it can be used. */
function showList({ ui }: App): void {
  const isShut = document.querySelector<HTMLElement>('.drawer-open')?.checkVisibility?.() === true;
  if (isShut) flushSync(() => ui.getState().setDrawerOpen(true));
}

const isFiled = ({ chat, conversationList }: App, field: 'isPinned' | 'isArchived') => {
  const { id } = chat.getState().tree.conversation;
  return conversationList.getState().conversations.find(each => each.id === id)?.filing?.[field] === true;
};

/** How the conversation that is shown is kept in the list. */
const filing = (id: string, name: string, field: 'isPinned' | 'isArchived', to: boolean): Action => ({
  id,
  name,
  words: 'keep list order',
  whyNot: app => whyNotEmpty(app) ?? (isFiled(app, field) === to ? 'It is so already.' : null),
  run: ({ chat, listController }) =>
    void listController.file([chat.getState().tree.conversation.id], old => ({ ...old, [field]: to })),
});

export const conversationActions: readonly Action[] = [
  {
    id: 'new-chat',
    name: 'New chat',
    words: 'conversation start empty begin',
    keys: { key: 'o', isCtrl: true, isShift: true },
    run: ({ chatController }) => {
      // An open drawer gives the focus back to its own door as it closes.
      flushSync(() => chatController.newChat());
      focusOn('#question');
    },
  },
  {
    id: 'search',
    name: 'Search conversations',
    words: 'find look',
    keys: { key: 'f', isCtrl: true, isShift: true },
    whyNot: whyNoneKept,
    run: app => {
      showList(app);
      focusOn('.sidebar input[type="search"]');
    },
  },
  {
    id: 'to-conversations',
    name: 'Go to the conversations',
    words: 'list history sidebar earlier',
    keys: { key: 's', isCtrl: true, isShift: true },
    run: app => {
      showList(app);
      focusOn('.sidebar .new-chat');
    },
  },
  {
    id: 'export',
    name: 'Export this conversation…',
    words: 'share save download file markdown html json fhir',
    whyNot: whyNotEmpty,
    run: ({ ui, chat }) =>
      ui.getState().openDialog({ kind: 'share', conversationId: chat.getState().tree.conversation.id }),
  },
  {
    id: 'print',
    name: 'Print this conversation…',
    words: 'paper pdf',
    whyNot: whyNotEmpty,
    run: printConversation,
  },
  filing('pin', 'Pin this conversation', 'isPinned', true),
  filing('unpin', 'Unpin this conversation', 'isPinned', false),
  filing('archive', 'Archive this conversation', 'isArchived', true),
  filing('unarchive', 'Take this conversation out of the archive', 'isArchived', false),
  {
    id: 'tags',
    name: 'Tags of this conversation…',
    words: 'label folder group',
    whyNot: whyNotEmpty,
    run: ({ ui, chat }) =>
      ui.getState().openDialog({ kind: 'tags', conversationIds: [chat.getState().tree.conversation.id] }),
  },
  {
    id: 'bin',
    name: 'Bin…',
    words: 'deleted restore trash',
    run: ({ ui }) => ui.getState().openDialog({ kind: 'bin' }),
  },
  {
    id: 'delete',
    name: 'Delete this conversation',
    words: 'remove bin trash',
    whyNot: whyNotEmpty,
    run: ({ chatController, chat }) => void chatController.remove(chat.getState().tree.conversation.id),
  },
  {
    id: 'delete-all',
    name: 'Delete all conversations…',
    words: 'remove clear wipe',
    run: ({ ui }) => ui.getState().openDialog({ kind: 'delete-all' }),
  },
];
