import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ImagePresentation, SourceText } from '../../../client/index.ts';
import type { DrawnShape } from '../images/drawn-shapes.ts';
import type { FileListing } from '../images/file-listing.ts';
import type { Sight } from '../images/sights.ts';

/** An image to look at closely. */
export interface ShownImage {
  /** The file; of one that is shown otherwise than it is, `id` and `presentation` say how. */
  blob: Blob;
  id?: string;
  presentation?: ImagePresentation;
  name: string;
  width: number;
  height: number;
  /** What models saw of it, where answers about it are stored. */
  sights?: readonly Sight[];
  /** The model that answered without seeing it. */
  blindAnswerer?: string | undefined;
  /** Drawn over it. */
  shapes?: readonly DrawnShape[];
}

/** Where something stands in a text: the number of a part, and units of its text. */
export interface SourcePassage {
  part: number;
  start: number;
  end: number;
}

export type Dialog =
  | { kind: 'settings' }
  | { kind: 'models' }
  | { kind: 'asking' }
  | { kind: 'hardware' }
  | { kind: 'palette' }
  | { kind: 'keys' }
  | { kind: 'presets' }
  | { kind: 'templates'; templateId?: string }
  | { kind: 'link'; url: string }
  | { kind: 'delete-all' }
  | { kind: 'share'; conversationId: string }
  | { kind: 'record'; answerId: string }
  | { kind: 'samples'; answerId: string }
  | { kind: 'rate'; answerId: string }
  | { kind: 'tags'; conversationIds: readonly string[] }
  | { kind: 'bin' }
  | { kind: 'source'; source: SourceText; draftKey?: string; passage?: SourcePassage }
  | { kind: 'image'; image: ShownImage }
  | { kind: 'studies' }
  | { kind: 'study'; files: FileListing };

export interface Toast {
  id: number;
  text: string;
  /** How often it was said while it is shown. */
  count: number;
  action?: { label: string; run: () => void };
}

export interface UiState {
  dialog: Dialog | null;
  /** What was open in the reading room last; null before anything was. */
  lastStudy: FileListing | null;
  toasts: Toast[];
  isDrawerOpen: boolean;
  /** A message to be shown where it stands, as soon as its conversation is. */
  soughtId: string | null;
  /** What the one polite live region says. */
  announcement: string;
  openDialog(dialog: Dialog): void;
  closeDialog(): void;
  forgetStudy(): void;
  /** Returns the toast's id; it goes away by itself. What is shown already, with nothing to do about it, is counted. */
  showToast(text: string, action?: Toast['action'] | null, durationMs?: number): number;
  /** A toast, unless this dialog is open, which shows the same at its place: then it is only announced. */
  showToastOutside(kind: Dialog['kind'], text: string): void;
  dismissToast(id: number): void;
  /** While someone reads them or is on the way to one, none goes away; afterwards each has its whole time again. */
  holdToasts(isHeld: boolean): void;
  setDrawerOpen(isOpen: boolean): void;
  announce(text: string): void;
  seekMessage(id: string | null): void;
}

export type UiStore = StoreApi<UiState>;

/** Time to read a sentence. What can be undone stays until a keyboard has got there. */
const readingMs = 8000;
const actingMs = 20_000;

export function createUiStore(): UiStore {
  let lastId = 0;
  let isHeld = false;
  const durations = new Map<number, number>();
  const timers = new Map<number, ReturnType<typeof setTimeout>>();
  const stopTimer = (id: number) => {
    clearTimeout(timers.get(id));
    timers.delete(id);
  };
  return createStore<UiState>((set, get) => {
    const startTimer = (id: number) => {
      stopTimer(id);
      if (!isHeld)
        timers.set(
          id,
          setTimeout(() => get().dismissToast(id), durations.get(id)),
        );
    };
    return {
      dialog: null,
      lastStudy: null,
      toasts: [],
      isDrawerOpen: false,
      soughtId: null,
      announcement: '',
      openDialog: dialog =>
        set({ dialog, isDrawerOpen: false, ...(dialog.kind === 'study' && { lastStudy: dialog.files }) }),
      closeDialog: () => set({ dialog: null }),
      forgetStudy: () => set({ lastStudy: null }),
      showToast(text, action, durationMs = action ? actingMs : readingMs) {
        const { toasts } = get();
        // Two things that can be undone are two, whatever they are called.
        const same = action ? undefined : toasts.find(toast => toast.text === text && !toast.action);
        if (same) {
          set({
            toasts: toasts.map(toast => (toast === same ? { ...toast, count: toast.count + 1 } : toast)),
          });
        } else {
          lastId += 1;
          set({ toasts: [...toasts, { id: lastId, text, count: 1, ...(action ? { action } : {}) }] });
        }
        const id = same?.id ?? lastId;
        durations.set(id, durationMs);
        startTimer(id);
        return id;
      },
      showToastOutside(kind, text) {
        if (get().dialog?.kind === kind) get().announce(text);
        else get().showToast(text);
      },
      dismissToast(id) {
        stopTimer(id);
        durations.delete(id);
        const toasts = get().toasts.filter(toast => toast.id !== id);
        if (toasts.length === 0) isHeld = false;
        set({ toasts });
      },
      holdToasts(next) {
        isHeld = next;
        for (const { id } of get().toasts)
          if (next) stopTimer(id);
          else startTimer(id);
      },
      setDrawerOpen: isDrawerOpen => set({ isDrawerOpen }),
      announce: announcement => set({ announcement }),
      seekMessage: soughtId => set({ soughtId }),
    };
  });
}
