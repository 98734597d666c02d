import { type KeyboardEvent, useState } from 'react';
import { belongsToControl } from './belongs-to-control.ts';

/** The keys of a dialog that shows images, and the list of them. */
export interface ImageKeys {
  areShown: boolean;
  show(areShown: boolean): void;
  /** Those of one character can be switched off: dictation would press them. */
  hasSingle: boolean;
  setSingle(isOn: boolean): void;
  /** For `onKeyDown`, behind the guard against input methods. */
  press(event: KeyboardEvent): void;
}

/** @param act does what a key is for in the dialog; false where it is for nothing */
export function useImageKeys(act: (event: KeyboardEvent) => boolean): ImageKeys {
  const [areShown, show] = useState(false);
  const [hasSingle, setSingle] = useState(true);
  const press = (event: KeyboardEvent) => {
    const { key, ctrlKey, metaKey, altKey, target } = event;
    if (ctrlKey || metaKey || altKey || belongsToControl(key, target)) return;
    if (key.length === 1 && !hasSingle) return;
    if (key === '?') show(!areShown);
    else if (!act(event)) return;
    event.preventDefault();
  };
  return { areShown, show, hasSingle, setSingle, press };
}
