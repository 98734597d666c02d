import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Sight } from '../images/sights.ts';

/** An image to look at closely. */
export interface ShownImage {
  blob: Blob;
  name: string;
  width: number;
  height: number;
  /** What models saw of it, where answers about it are stored. */
  sights?: readonly Sight[];
  /** The model that answered without seeing it. */
  blindAnswerer?: string | undefined;
}

export type Dialog =
  | { kind: 'settings' }
  | { kind: 'models' }
  | { kind: 'hardware' }
  | { kind: 'link'; url: string }
  | { kind: 'delete-all' }
  | { kind: 'image'; image: ShownImage };

export interface Toast {
  id: number;
  text: string;
  action?: { label: string; run: () => void };
}

export interface UiState {
  dialog: Dialog | null;
  toasts: Toast[];
  isDrawerOpen: boolean;
  /** What the one polite live region says. */
  announcement: string;
  openDialog(dialog: Dialog): void;
  closeDialog(): void;
  /** Returns the toast's id; it goes away by itself. */
  showToast(text: string, action?: Toast['action'] | null, durationMs?: number): number;
  dismissToast(id: number): void;
  setDrawerOpen(isOpen: boolean): void;
  announce(text: string): void;
}

export type UiStore = StoreApi<UiState>;

export function createUiStore(): UiStore {
  let lastId = 0;
  return createStore<UiState>((set, get) => ({
    dialog: null,
    toasts: [],
    isDrawerOpen: false,
    announcement: '',
    openDialog: dialog => set({ dialog, isDrawerOpen: false }),
    closeDialog: () => set({ dialog: null }),
    showToast(text, action, durationMs = 8000) {
      lastId += 1;
      const id = lastId;
      set({ toasts: [...get().toasts, action ? { id, text, action } : { id, text }] });
      setTimeout(() => get().dismissToast(id), durationMs);
      return id;
    },
    dismissToast: id => set({ toasts: get().toasts.filter(toast => toast.id !== id) }),
    setDrawerOpen: isDrawerOpen => set({ isDrawerOpen }),
    announce: announcement => set({ announcement }),
  }));
}
