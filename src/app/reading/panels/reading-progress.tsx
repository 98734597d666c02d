import { formatCount } from '../../format/quantities.ts';
import type { Study } from '../study/image-facts.ts';

/** How many files of a study were read. */
export function ReadingProgress({ study: { files, passedOver, refused, toCome } }: { study: Study }) {
  const done = files.length + passedOver + refused.length;
  return (
    <>
      <p>
        {formatCount(done)} of {formatCount(done + toCome)} files
      </p>
      <progress aria-label="Files read" value={done} max={done + toCome} />
    </>
  );
}
