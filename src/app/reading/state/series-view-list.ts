import {
  type ImagePresentation,
  type KnownImage,
  type ListedView,
  plainPresentation,
  sha256Hex,
  type ViewList,
} from '../../../client/index.ts';
import { type StudyFile, sizeOf } from '../study/image-facts.ts';
import { imageKey } from '../study/image-key.ts';
import type { StackImage } from '../study/stacks.ts';
import { coveredPixels } from './asked-view.ts';
import { activePane, type ReadingState, stackOf } from './reading-state.ts';
import { regionsOn } from './regions-on.ts';

/** Of the images of the active pane's stack, in their order, each as the pane would show it. Rejects where a picture's file is gone. */
export async function seriesViewList(state: ReadingState): Promise<ViewList> {
  const images = stackOf(state, activePane(state))?.images ?? [];
  const { files } = state.study;
  const views: ListedView[] = [];
  // One after another: pictures of a folder are read whole for their hashes, and need not all be in memory.
  for (const image of images) {
    views.push({
      image: await knownImage(files[image.file]!),
      presentation: presentationOf(state, image),
      regions: regionsOn(state, image, null),
    });
  }
  const series = images[0] && files[images[0].file]!.facts.dicom?.identity.seriesUid;
  return { seriesUid: series ?? null, views };
}

/** The window, the polarity and how it lies are the pane's; what is covered is the image's own. */
export function presentationOf(state: ReadingState, image: StackImage): ImagePresentation {
  const { view, voi, isInverted } = activePane(state);
  const { width, height } = sizeOf(state.study.files[image.file]!);
  const boxes = state.marks.filter(mark => mark.kind === 'redaction' && mark.image === imageKey(image));
  return {
    ...plainPresentation,
    frame: image.frame,
    window: voi,
    isInverted,
    turns: view.turns,
    isFlipped: view.isFlipped,
    redactions: boxes.map(box => coveredPixels(box, width, height)),
  };
}

async function knownImage(file: StudyFile): Promise<KnownImage> {
  const { width, height } = sizeOf(file);
  const instanceUid = file.facts.dicom?.identity.instanceUid;
  if (instanceUid) return { instanceUid, width, height };
  return { sha256: await sha256Hex(new Uint8Array(await file.file.arrayBuffer())), width, height };
}
