import { mostRegions, type Region } from '../../../client/index.ts';
import type { ValueGrid } from '../geometry/statistics.ts';
import { regionOfMark } from '../marks/region-of-mark.ts';
import { imageKey } from '../study/image-key.ts';
import { scaleOf } from '../study/image-scale.ts';
import type { StackImage } from '../study/stacks.ts';
import { unitOf } from '../study/units.ts';
import type { ReadingState } from './reading-state.ts';

/** What is marked on an image, with what it measures there. `values`: of that image, where they are known. */
export function regionsOn(
  { study, marks }: Pick<ReadingState, 'study' | 'marks'>,
  image: StackImage,
  values: ValueGrid | null,
): Region[] {
  const by = { scale: scaleOf(study, image), unit: unitOf(study.files[image.file]!.facts), values };
  return marks
    .filter(mark => mark.image === imageKey(image))
    .map(mark => regionOfMark(mark, image.frame, by))
    .filter(region => region !== null)
    .slice(0, mostRegions);
}
