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
    whyNot: whyNoneKept,
    run: ({ ui }) => ui.getState().openDialog({ kind: 'delete-all' }),
  },
];
