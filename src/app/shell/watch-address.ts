import type { App } from '../state/create-app.ts';
import { isEmpty } from '../state/drafts/draft-store.ts';
import { addressOf, readAddress } from '../state/page/address.ts';
import { pageTitle } from './page-title.ts';

type WatchedApp = Pick<
  App,
  'chat' | 'shownDraft' | 'chatController' | 'draftKeeper' | 'isOnlyPage' | 'storage' | 'ui'
>;

/**
 * Keeps the address and what is shown equal: a reload, the back and forward buttons and an address that is typed show the
 * conversation that it names. Returns how to stop.
 */
export function watchAddress(app: WatchedApp, view: Window = window): () => void {
  const { chat, shownDraft, chatController, draftKeeper, ui } = app;
  const { history, location } = view;
  const stop = new AbortController();
  const { signal } = stop;
  let namedId = shownDraft.getState().conversationId;
  let follows = 0;
  let followed: string | null = null;

  function writeAddress({ replaces = false } = {}): void {
    if (follows > 0) return;
    const { tree } = chat.getState();
    const { id } = tree.conversation;
    const hasAddress = tree.messages.length > 0 || !isEmpty(shownDraft.getState());
    const hash = hasAddress ? addressOf(id) : '';
    const isOther = id !== namedId;
    namedId = id;
    const title = pageTitle(tree);
    if (view.document.title !== title) view.document.title = title;
    if (hash === location.hash) return;
    const url = `${location.pathname}${location.search}${hash}`;
    if (isOther && !replaces) history.pushState(null, '', url);
    else history.replaceState(null, '', url);
  }

  /** What is shown follows an address that is there already: it makes no entry of its own. */
  async function follow(show: () => Promise<unknown>): Promise<void> {
    const { hash } = location;
    follows += 1;
    followed = hash;
    try {
      await show();
    } finally {
      follows -= 1;
      if (followed === hash) followed = null;
      writeAddress({ replaces: true });
    }
  }

  async function followAddress(): Promise<void> {
    // Browsers tell of one change twice, in two events.
    if (followed === location.hash) return;
    const address = readAddress(location.hash);
    const { conversationId } = shownDraft.getState();
    if (address.kind === 'other') return writeAddress();
    // The reader came back before another one was read.
    if (address.kind === 'conversation' && address.id === conversationId) return chatController.stay();
    await follow(async () => {
      if (address.kind === 'conversation' && (await chatController.open(address.id))) return;
      const isNewChat = chat.getState().tree.messages.length === 0 && isEmpty(shownDraft.getState());
      if (isNewChat) chatController.stay();
      else chatController.newChat();
      // What cannot be read now may be there: that is said where storage is spoken of.
      if (address.kind === 'none' || app.storage.getState().problem) return;
      ui.getState().showToast(
        address.kind === 'malformed'
          ? 'This address names no conversation. A new chat is shown.'
          : 'The conversation of this address is not on this device, or not any more. A new chat is shown.',
      );
    });
  }

  /** Once what is stored is known. A page that comes up without an address, after a crash, shows what waits to be sent. */
  async function start(): Promise<void> {
    await draftKeeper.load();
    if (signal.aborted) return;
    const before = location.hash;
    if (readAddress(before).kind === 'none') {
      const isOnly = await app.isOnlyPage();
      const id = isOnly ? await draftKeeper.findShown() : null;
      const { tree } = chat.getState();
      const isUntouched = tree.messages.length === 0 && isEmpty(shownDraft.getState());
      const isAsked = location.hash !== before;
      if (id !== null && isUntouched && !isAsked && !signal.aborted)
        await follow(() => chatController.open(id));
    } else {
      void app.isOnlyPage();
      await followAddress();
    }
    if (signal.aborted) return;
    view.addEventListener('popstate', () => void followAddress(), { signal });
    view.addEventListener('hashchange', () => void followAddress(), { signal });
    for (const store of [chat, shownDraft]) {
      signal.addEventListener(
        'abort',
        store.subscribe(() => writeAddress()),
      );
    }
    // An address that was typed before anyone listened.
    if (location.hash !== before && readAddress(location.hash).kind !== 'none') await followAddress();
    writeAddress();
  }

  void start();
  return () => stop.abort();
}
