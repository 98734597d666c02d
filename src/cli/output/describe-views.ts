import type { Grid, SeenView } from '../../engine/types/image-views.ts';

/** What a model is shown of an image. With Mini-Monkey's two grids, which scripts read: [1, 1] where there is none. */
export function describeViews(views: readonly SeenView[]) {
  const gridOf = (wanted: string): Grid => views.find(({ name }) => name === wanted)?.grid ?? [1, 1];
  return { detailed: gridOf('detailed'), adaptive: gridOf('adaptive'), views };
}
