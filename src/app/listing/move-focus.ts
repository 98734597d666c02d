import type { KeyboardEvent } from 'react';
import { flushSync } from 'react-dom';
import type { ListingStore } from './listing-store.ts';

/**
 * Arrows, Home and End in the list, which is one tab stop: up and down from row to row, sideways among what a row offers. A row that
 * is far away is built before it is focused.
 */
export function moveFocus(event: KeyboardEvent<HTMLElement>, listing: ListingStore): void {
  const target = event.target as HTMLElement;
  const row = target.closest<HTMLElement>('.history-item');
  if (
    !row ||
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    target.matches('input:not([type="checkbox"])')
  )
    return;
  const column = controlsOf(row).indexOf(target);
  const isRightToLeft = getComputedStyle(event.currentTarget).direction === 'rtl';
  const forward = isRightToLeft ? 'ArrowLeft' : 'ArrowRight';
  if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
    event.preventDefault();
    controlsOf(row)[column + (event.key === forward ? 1 : -1)]?.focus();
    return;
  }
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('.history-item')];
  const at = rows.indexOf(row);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  const id = rows[to]?.dataset.id;
  if (id === undefined) return;
  const list = event.currentTarget;
  flushSync(() => listing.setState({ activeId: id }));
  // One that was far away is another element by now.
  const next = [...list.querySelectorAll<HTMLElement>('.history-item')].find(each => each.dataset.id === id);
  const controls = next ? controlsOf(next) : [];
  controls[Math.min(Math.max(column, 0), controls.length - 1)]?.focus();
}

const controlsOf = (row: HTMLElement): HTMLElement[] =>
  [...row.querySelectorAll<HTMLElement>('button:not([role="menuitem"]), input')].filter(
    control => getComputedStyle(control).display !== 'none',
  );
