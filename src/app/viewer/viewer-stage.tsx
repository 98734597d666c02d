import { type RefObject, useId, useState } from 'react';
import type { SeenView } from '../../client/index.ts';
import { positionInWords } from './change-in-words.ts';
import { ShapeDrawing } from './shapes-overlay.tsx';
import { tileLines, viewOfLayer } from './tile-lines.ts';
import { toneLine } from './tone.ts';
import { useStagePointers } from './use-stage-pointers.ts';
import { cssTransform, type Point, placeInFrame } from './view-transform.ts';
import type { ViewedImage } from './viewed-image.ts';
import type { ViewerAction, ViewerState } from './viewer-state.ts';

/** Above this, each image pixel is shown as a square of its own: smoothing would show what was not measured. */
const smoothUpTo = 2;

interface ViewerStageProps {
  image: ViewedImage;
  /** Whose tiles can be drawn over it. */
  views: readonly SeenView[] | null;
  state: ViewerState;
  stage: RefObject<HTMLDivElement | null>;
  pixelRatio: number;
  act: (action: ViewerAction) => void;
}

/** The image and, over it, the edges of the model's tiles. */
export function ViewerStage({ image, views, state, stage, pixelRatio, act }: ViewerStageProps) {
  const hintId = useId();
  const toneId = useId();
  const [isUnreadable, setUnreadable] = useState(false);
  const pointers = useStagePointers(stage, pixelRatio, act);
  const { view, tone } = state;
  const isMeasured = view.frame.width > 0;
  const { slope, intercept } = toneLine(tone);
  const position = positionInWords(state);
  const channel = { type: 'linear', slope, intercept } as const;
  return (
    <div
      ref={stage}
      className="viewer-stage"
      role="application"
      aria-label={`Image ${image.name}`}
      aria-describedby={hintId}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it takes the arrow keys
      tabIndex={0}
      {...pointers}
    >
      <p id={hintId} className="visually-hidden">
        Plus and minus zoom, the arrow keys move. The question mark shows all keys.
      </p>
      {isUnreadable && <p className="viewer-unreadable">The browser cannot show this image.</p>}
      <svg className="viewer-tone" aria-hidden="true" focusable="false">
        <filter id={toneId} x="0" y="0" width="1" height="1" colorInterpolationFilters="sRGB">
          <feComponentTransfer>
            <feFuncR {...channel} />
            <feFuncG {...channel} />
            <feFuncB {...channel} />
          </feComponentTransfer>
        </filter>
      </svg>
      {/* The filter is on the window, not on the image: zoomed in, that would be many times as large. */}
      <div
        className="viewer-window"
        style={{ filter: slope === 1 && intercept === 0 ? undefined : `url(#${toneId})` }}
      >
        <img
          src={image.url}
          alt={image.name}
          width={image.width}
          height={image.height}
          draggable={false}
          hidden={!isMeasured || isUnreadable}
          data-smooth={view.zoom <= smoothUpTo}
          style={{ transform: cssTransform(view, pixelRatio) }}
          onError={() => setUnreadable(true)}
        />
      </div>
      {isMeasured && !isUnreadable && <TileOverlay views={views} state={state} pixelRatio={pixelRatio} />}
      {isMeasured && !isUnreadable && state.areShapesShown && (
        <ShapesOverlay image={image} state={state} pixelRatio={pixelRatio} />
      )}
      {position && <p className="viewer-position">{position}</p>}
    </div>
  );
}

function ShapesOverlay({
  image: { shapes = [], width, height },
  state: { view },
  pixelRatio,
}: Pick<ViewerStageProps, 'image' | 'state' | 'pixelRatio'>) {
  if (shapes.length === 0) return null;
  const place = ([x, y]: Point): Point => {
    const [left, top] = placeInFrame(view, [x / width, y / height]);
    return [(left + view.frame.width / 2) / pixelRatio, (top + view.frame.height / 2) / pixelRatio];
  };
  return (
    <svg className="viewer-shapes" aria-hidden="true" focusable="false">
      {shapes.map((drawn, at) => (
        <ShapeDrawing
          // biome-ignore lint/suspicious/noArrayIndexKey: a shape is its place in the list
          key={at}
          drawn={drawn}
          place={place}
          width={view.frame.width / pixelRatio}
          height={view.frame.height / pixelRatio}
        />
      ))}
    </svg>
  );
}

function TileOverlay({
  views,
  state: { view, layer },
  pixelRatio,
}: Pick<ViewerStageProps, 'views' | 'state' | 'pixelRatio'>) {
  const shown = viewOfLayer(views, layer);
  if (!shown) return null;
  const path = tileLines(shown, view.image)
    .map(line => {
      const ends = line.map(place => {
        const [x, y] = placeInFrame(view, place);
        return `${((x + view.frame.width / 2) / pixelRatio).toFixed(2)} ${((y + view.frame.height / 2) / pixelRatio).toFixed(2)}`;
      });
      return `M${ends.join('L')}`;
    })
    .join('');
  return (
    <svg className="viewer-tiles" data-layer={layer} aria-hidden="true" focusable="false">
      <path className="viewer-tiles-ground" d={path} />
      <path d={path} />
    </svg>
  );
}
