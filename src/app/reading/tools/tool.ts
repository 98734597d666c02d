import type { ComponentType } from 'react';
import type { Size } from '../../viewer/view-transform.ts';
import type { ReadingAction } from '../state/reading-actions.ts';
import type { ReadingState } from '../state/reading-state.ts';
import type { ToolId } from '../state/tool-ids.ts';

type Icon = ComponentType<{ size?: number }>;
/** To the right and down. */
export type Offset = readonly [right: number, down: number];

export interface DragContext {
  state: ReadingState;
  /** Of the pane, in CSS pixels. */
  frame: Size;
  /** Screen pixels to a CSS pixel. */
  pixelRatio: number;
}

/** What the pointer does over an image: one of them at a time. */
export interface Tool {
  id: ToolId;
  name: string;
  /** A single character. */
  key: string;
  Icon: Icon;
  /** What it does with the pointer, in one sentence. */
  pointer: string;
  /** What the arrow keys do meanwhile, in one sentence. */
  arrows: string;
  /** Of the pointer, as CSS calls it. */
  cursor: string;
  /**
   * From one offset to the next, in CSS pixels from where the pointer went down; null where nothing comes of it. A tool without it
   * draws, or follows the pointer.
   */
  drag?(from: Offset, to: Offset, context: DragContext): ReadingAction | null;
  /** One press of an arrow key; by default the cross moves over the image. */
  press?(direction: Offset, context: DragContext): ReadingAction | null;
}

/** What is done at once. */
export interface Command {
  id: string;
  name: string;
  /** As they are told. */
  keys: string;
  Icon: Icon;
  /** Whether a press of a key means it; without control, alt and the like. */
  isMeant(key: string, shiftKey: boolean): boolean;
  /** Of one that stays until it is undone. */
  isOn?(state: ReadingState): boolean;
  /** Null where there is nothing to do it to. */
  run(state: ReadingState): ReadingAction | null;
}
