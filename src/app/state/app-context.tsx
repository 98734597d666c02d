import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { ChatState } from './conversation/chat-store.ts';
import type { ConversationListState } from './conversation/conversation-list-controller.ts';
import type { App } from './create-app.ts';
import type { Draft, ShownDraft } from './drafts/draft-store.ts';
import type { LibraryState } from './library/library-store.ts';
import type { OfferState } from './library/offer-store.ts';
import type { EngineLife } from './life/engine-life.ts';
import type { ModelState } from './model/model-store.ts';
import type { UiState } from './page/ui-store.ts';
import type { StorageState } from './saving/storage-debts.ts';
import type { AirGapState } from './settings/air-gap-controller.ts';
import type { SettingsState } from './settings/settings-controller.ts';

const AppContext = createContext<App | null>(null);

export const AppProvider = AppContext.Provider;

export function useApp(): App {
  const app = useContext(AppContext);
  if (!app) throw new Error('useApp outside of AppProvider');
  return app;
}

export const useChat = <T,>(select: (state: ChatState) => T): T => useStore(useApp().chat, select);
export const useModel = <T,>(select: (state: ModelState) => T): T => useStore(useApp().models, select);
export const useLife = (): EngineLife => useStore(useApp().life, state => state.life);
/** What was prepared in the conversation that is shown, and not sent. */
export const useDraft = <T,>(select: (draft: ShownDraft) => T): T => useStore(useApp().shownDraft, select);
export const useAttachments = <T,>(select: (draft: Pick<Draft, 'attachments'>) => T): T => useDraft(select);
export const useConversationList = <T,>(select: (state: ConversationListState) => T): T =>
  useStore(useApp().conversationList, select);
export const useSettings = <T,>(select: (state: SettingsState) => T): T =>
  useStore(useApp().settings, select);
export const useAirGap = <T,>(select: (state: AirGapState) => T): T => useStore(useApp().airGap, select);
export const useStorage = <T,>(select: (state: StorageState) => T): T => useStore(useApp().storage, select);
export const useUi = <T,>(select: (state: UiState) => T): T => useStore(useApp().ui, select);
export const useLibrary = <T,>(select: (state: LibraryState) => T): T => useStore(useApp().library, select);
export const useOffer = (): OfferState['offer'] => useStore(useApp().offers, state => state.offer);
