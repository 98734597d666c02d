import type { DicomWarning, ImageFacts, NamedVoi, VoiChoice } from '../../../client/index.ts';
import { startView, transformView, type View } from '../../viewer/view-transform.ts';
import { type ImagePoint, pixelAspect } from '../geometry/plane.ts';
import type { Drawing } from '../marks/drawing.ts';
import type { Mark } from '../marks/mark.ts';
import { type Study, sizeOf } from '../study/image-facts.ts';
import { imageKey } from '../study/image-key.ts';
import { scaleOf } from '../study/image-scale.ts';
import type { Stack, StackImage } from '../study/stacks.ts';
import type { ToolId } from './tool-ids.ts';

export const layouts = [1, 2, 4] as const;
export type Layout = (typeof layouts)[number];

/** What of one pane the others follow. */
export interface Links {
  scroll: boolean;
  zoom: boolean;
  window: boolean;
}

/** What is known of a frame once it was decoded. */
export interface FrameInfo {
  /** Which image. */
  key: string;
  /** That can be chosen, the first is what the file means; none of a coloured one. */
  windows: readonly NamedVoi[];
  warnings: readonly DicomWarning[];
}

export interface Pane {
  /** The id of a stack; null of an empty pane. */
  stack: string | null;
  index: number;
  view: View;
  /** Null: as the file means it. */
  voi: VoiChoice | null;
  /** Black and white exchanged, beyond what the file says. */
  isInverted: boolean;
  /** Of the image that was shown last of the stack; null until one is. */
  info: FrameInfo | null;
  /** Least and greatest value of the image that `key` names. */
  range: { key: string; least: number; greatest: number } | null;
}

export interface ReadingState {
  study: Study;
  stacks: readonly Stack[];
  layout: Layout;
  /** Always four, of which a layout shows the first ones. */
  panes: readonly Pane[];
  /** Which of them the tools act on. */
  active: number;
  links: Links;
  /** The images of the panes from which they scroll together. */
  anchors: readonly number[];
  tool: ToolId;
  drawing: Drawing | null;
  marks: readonly Mark[];
  chosenMark: string | null;
  areMarksShown: boolean;
  /** Where the pointer, or the keyboard's cross, is in the image of the active pane. */
  cursor: ImagePoint | null;
}

const emptyPane: Pane = {
  stack: null,
  index: 0,
  view: startView({ width: 1, height: 1 }),
  voi: null,
  isInverted: false,
  info: null,
  range: null,
};

/** `marks`: on its images, from before. */
export function startReading(
  study: Study,
  stacks: readonly Stack[],
  marks: readonly Mark[] = [],
): ReadingState {
  return {
    study,
    stacks,
    layout: 1,
    panes: [0, 1, 2, 3].map(place => {
      const stack = stacks[place];
      return stack ? showIn(study, emptyPane, stack, 0) : emptyPane;
    }),
    active: 0,
    links: { scroll: false, zoom: false, window: false },
    anchors: [0, 0, 0, 0],
    tool: study.toCome > 0 || (stacks[0]?.images.length ?? 0) > 1 ? 'scroll' : 'window',
    drawing: null,
    marks,
    chosenMark: null,
    areMarksShown: true,
    cursor: null,
  };
}

/** The pane with an image of a stack. Another size of image is fitted anew; another stack is shown as its files mean it. */
export function showIn(study: Study, pane: Pane, stack: Stack, index: number): Pane {
  const place = Math.min(stack.images.length - 1, Math.max(0, index));
  const image = shownSize(study, stack.images[place]!);
  const { view } = pane;
  const isSameStack = pane.stack === stack.id;
  const isSameSize = view.image.width === image.width && view.image.height === image.height;
  const fresh: View = { ...startView(image), frame: view.frame };
  const kept =
    isSameStack && isSameSize
      ? view
      : fitted({ ...fresh, turns: isSameStack ? view.turns : 0, isFlipped: isSameStack && view.isFlipped });
  return isSameStack
    ? { ...pane, index: place, view: kept }
    : {
        ...pane,
        stack: stack.id,
        index: place,
        view: kept,
        voi: null,
        isInverted: false,
        info: null,
        range: null,
      };
}

function fitted(view: View): View {
  return view.frame.width === 0 ? view : transformView(view, { type: 'fit' });
}

/** In square pixels: where pixels are not, columns stay as wide as they are. */
function shownSize(study: Study, image: StackImage) {
  const { width, height } = sizeOf(study.files[image.file]!);
  return { width, height: height * pixelAspect(scaleOf(study, image)) };
}

export function stackOf(state: Pick<ReadingState, 'stacks'>, { stack }: Pick<Pane, 'stack'>): Stack | null {
  return state.stacks.find(({ id }) => id === stack) ?? null;
}

/** The image that a pane shows. */
export function imageOf(state: Pick<ReadingState, 'stacks'>, pane: Pane): StackImage | null {
  return stackOf(state, pane)?.images[pane.index] ?? null;
}

export function keyOf(state: Pick<ReadingState, 'stacks'>, pane: Pane): string | null {
  const image = imageOf(state, pane);
  return image && imageKey(image);
}

export function activePane(state: ReadingState): Pane {
  return state.panes[state.active]!;
}

export function marksOf(state: ReadingState, pane: Pane): Mark[] {
  const key = keyOf(state, pane);
  return state.marks.filter(({ image }) => image === key);
}

/** The file of the image that a pane shows. */
export function factsOf(state: ReadingState, pane: Pane): ImageFacts | null {
  const image = imageOf(state, pane);
  return image && state.study.files[image.file]!.facts;
}

export const hasWindow = ({ info }: Pick<Pane, 'info'>): boolean => (info?.windows.length ?? 0) > 0;

/** How values of the pane's image become grey now; null of a coloured one, which has no window, and until that is known. */
export function voiOf({ info, voi }: Pick<Pane, 'info' | 'voi'>): VoiChoice | null {
  const first = info?.windows[0];
  return first ? (voi ?? first.choice) : null;
}

/** Of the values of the image that is shown, once they are known. */
export function rangeOf(state: ReadingState, pane: Pane): readonly [least: number, greatest: number] | null {
  return pane.range && pane.range.key === keyOf(state, pane) ? [pane.range.least, pane.range.greatest] : null;
}
