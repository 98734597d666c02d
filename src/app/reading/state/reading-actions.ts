import type { VoiChoice } from '../../../client/index.ts';
import type { Size, ViewAction } from '../../viewer/view-transform.ts';
import type { ImagePoint } from '../geometry/plane.ts';
import type { Mark } from '../marks/mark.ts';
import type { Study } from '../study/image-facts.ts';
import type { Stack } from '../study/stacks.ts';
import type { FrameInfo, Layout, Links, Pane } from './reading-state.ts';
import type { ToolId } from './tool-ids.ts';

/** What can be done; where no pane is named, to the active one. */
export type ReadingAction =
  | { type: 'grow'; study: Study; stacks: readonly Stack[]; marks: readonly Mark[] }
  | { type: 'resize'; pane: number; frame: Size }
  | { type: 'shown'; pane: number; info: FrameInfo }
  | { type: 'measured'; pane: number; range: Pane['range'] }
  | { type: 'activate'; pane: number }
  | { type: 'lay-out'; layout: Layout }
  | { type: 'link'; what: keyof Links; isOn: boolean }
  | { type: 'choose-tool'; tool: ToolId }
  | { type: 'show-stack'; stack: string; pane?: number }
  | { type: 'scroll-by'; by: number; isEndless?: boolean }
  | { type: 'scroll-to'; index: number }
  | { type: 'view'; action: ViewAction }
  | { type: 'set-voi'; voi: VoiChoice | null }
  /** CSS pixels, to the right and down. */
  | { type: 'drag-voi'; by: readonly [right: number, down: number] }
  | { type: 'invert' }
  | { type: 'reset' }
  | { type: 'hover'; at: ImagePoint | null }
  | DrawAction
  | MarkAction;

/** At a point of the active image. */
export type DrawAction =
  | { type: 'draw-press'; at: ImagePoint }
  | { type: 'draw-move'; at: ImagePoint; isHeld: boolean }
  | { type: 'draw-release'; at: ImagePoint; wasDragged: boolean }
  | { type: 'draw-end' }
  | { type: 'draw-cancel' };

export type MarkAction =
  | { type: 'choose-mark'; id: string | null }
  | { type: 'change-mark'; id: string; change: Partial<Pick<Mark, 'note' | 'points'>> }
  | { type: 'delete-mark'; id: string }
  | { type: 'show-marks'; areShown: boolean };
