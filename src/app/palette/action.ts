import type { App } from '../state/create-app.ts';

/** A key with those that are held with it. */
export interface Chord {
  /** As `KeyboardEvent.key` names it; letters small. */
  key: string;
  /** Ctrl, or ⌘ where there is one. */
  isCtrl?: boolean;
  isShift?: boolean;
}

export interface Action {
  id: string;
  /** In the imperative, as the lists show it. */
  name: string;
  /** By what else it is looked for. */
  words?: string;
  keys?: Chord;
  /** Who hears the keys, where it is not the whole page; in words for the sheet. */
  heardBy?: string;
  /** The keys alone are listed: there is nothing that the palette could do. */
  isKeyOnly?: boolean;
  /** In words, or null where it can be done. */
  whyNot?: (app: App) => string | null;
  run: (app: App) => void;
}

export interface ActionGroup {
  name: string;
  actions: readonly Action[];
}

/** Whether a press is this chord. Where a sign stands is the keyboard's: some need Shift for it. */
export function isPressed({ key, isCtrl = false, isShift = false }: Chord, event: KeyboardEvent): boolean {
  const isSign = key.length === 1 && !/[a-z]/.test(key);
  return (
    event.key.toLowerCase() === key.toLowerCase() &&
    (event.ctrlKey || event.metaKey) === isCtrl &&
    !event.altKey &&
    (isSign || event.shiftKey === isShift)
  );
}

/** As keys are written: "Ctrl or ⌘ + Shift + O". */
export function inWords({ key, isCtrl, isShift }: Chord): string {
  const name = key.length === 1 ? key.toUpperCase() : key;
  return [...(isCtrl ? ['Ctrl or ⌘'] : []), ...(isShift ? ['Shift'] : []), name].join(' + ');
}
