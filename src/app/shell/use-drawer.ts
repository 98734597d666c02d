import { type RefObject, useEffect } from 'react';
import { handleKey } from '../input/input-method.ts';

/** On narrow screens: focus enters the open drawer, Escape closes it, and focus goes back to what opened it. */
export function useDrawer(ref: RefObject<HTMLElement | null>, isOpen: boolean, close: () => void): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: only opening and closing move the focus
  useEffect(() => {
    if (!isOpen) return;
    const opener = document.activeElement;
    ref.current?.querySelector<HTMLElement>('button')?.focus();
    const onKeyDown = handleKey((event: KeyboardEvent) => {
      if (event.key === 'Escape') close();
      if (event.key === 'Tab') keepInside(event, ref.current);
    });
    document.addEventListener('keydown', onKeyDown);
    return () => {
      document.removeEventListener('keydown', onKeyDown);
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, [isOpen]);
}

/** Of a list that is one tab stop, the one. */
const tabStops = ['button', 'input', 'select', 'a[href]'].map(each => `${each}:not([tabindex="-1"])`).join();

function keepInside(event: KeyboardEvent, drawer: HTMLElement | null): void {
  const stops = drawer?.querySelectorAll<HTMLElement>(tabStops);
  const [first, last] = [stops?.[0], stops?.[stops.length - 1]];
  if (event.shiftKey && document.activeElement === first) {
    event.preventDefault();
    last?.focus();
  } else if (!event.shiftKey && document.activeElement === last) {
    event.preventDefault();
    first?.focus();
  }
}
