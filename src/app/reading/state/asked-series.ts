import { ctColourWindow, evenSlices, type Size } from '../../../client/index.ts';
import { sizeOf } from '../study/image-facts.ts';
import type { StackImage } from '../study/stacks.ts';
import { type AskedView, nameOf } from './asked-view.ts';
import { activePane, type ReadingState, stackOf } from './reading-state.ts';
import { regionsOn } from './regions-on.ts';
import { presentationOf } from './series-view-list.ts';

/** What the loaded model would be shown of a series. */
export interface SeriesSight {
  model: string;
  /** It was trained to see three windows of CT at once, as colours. */
  seesColours: boolean;
  /** Prompt positions of an image of a size. */
  tokensOf(size: Size): number;
  /** Prompt positions that a question leaves for images. */
  roomTokens: number;
}

/** As many as MedGemma 1.5 was shown at once, in its authors' notebook for CT. */
const mostSlices = 85;

/** Of what stands around an image in a prompt. */
const tokensAround = 8;

/** The series of the active pane: null where a model has nothing of it to see, or it is no series. */
export interface AskedSeries {
  count: number;
  /** Slices that a question has room for. */
  most: number;
  /** They are in Hounsfield units, and the model sees these as colours. */
  isInColours: boolean;
}

export function askedSeries(state: ReadingState, sight: SeriesSight | null): AskedSeries | null {
  const stack = stackOf(state, activePane(state));
  const first = stack?.images[0];
  if (!sight || !stack || !first || stack.images.length < 2) return null;
  const file = state.study.files[first.file]!;
  const tokens = sight.tokensOf(sizeOf(file)) + tokensAround;
  const count = stack.images.length;
  return {
    count,
    most: Math.min(count, mostSlices, Math.floor(sight.roomTokens / tokens)),
    isInColours: sight.seesColours && file.facts.dicom?.meta.huPresets === true,
  };
}

/**
 * So many slices, evenly over the series, each an image of its own: turned as the pane is, with what is covered on it; in three windows as
 * colours, or through the window of the pane.
 */
export function seriesViews(state: ReadingState, { isInColours }: AskedSeries, slices: number): AskedView[] {
  const { images } = stackOf(state, activePane(state))!;
  return evenSlices(images.length, slices).map(slice => viewOf(state, images[slice]!, isInColours));
}

function viewOf(state: ReadingState, image: StackImage, isInColours: boolean): AskedView {
  const file = state.study.files[image.file]!;
  return {
    file: file.file,
    name: nameOf(file.path, file.facts.frames > 1 ? image.frame + 1 : null),
    size: sizeOf(file),
    regions: regionsOn(state, image, null),
    presentation: {
      ...presentationOf(state, image),
      ...(isInColours && { window: ctColourWindow, isInverted: false }),
    },
  };
}
