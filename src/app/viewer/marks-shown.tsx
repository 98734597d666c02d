import { useId } from 'react';
import type { DrawnShape } from '../state/images/drawn-shapes.ts';

interface MarksShownProps {
  shapes: readonly DrawnShape[];
  areShown: boolean;
  onShow: (areShown: boolean) => void;
}

/** What is drawn over the image, in words. */
export function MarksShown({ shapes, areShown, onShow }: MarksShownProps) {
  const titleId = useId();
  if (shapes.length === 0) return null;
  return (
    <section className="viewer-section" aria-labelledby={titleId}>
      <h3 id={titleId}>Marks</h3>
      <label className="viewer-check">
        <input type="checkbox" checked={areShown} onChange={event => onShow(event.currentTarget.checked)} />
        Draw them over the image
      </label>
      <ul className="viewer-marks">
        {shapes.map(({ words }) => (
          <li key={words} dir="auto">
            {words}
          </li>
        ))}
      </ul>
    </section>
  );
}
