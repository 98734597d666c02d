import { type ImageScale, squarePixels } from '../geometry/plane.ts';
import type { Study } from './image-facts.ts';
import type { StackImage } from './stacks.ts';

/** What lengths in an image are measured in. A film that was scanned is measured on the film, as a detector is. */
export function scaleOf(study: Study, { file }: StackImage): ImageScale {
  const { facts } = study.files[file]!;
  if (!facts.dicom) return squarePixels;
  const { spacing, spacingKind, pixelAspect } = facts.dicom.meta;
  if (!spacing) return { spacing: null, aspect: pixelAspect };
  const [row, column] = spacing;
  return {
    spacing: { row, column, at: spacingKind === 'patient' ? 'patient' : 'detector' },
    aspect: pixelAspect,
  };
}
