import { highest, shapePath } from '../../viewer/shape-path.ts';
import type { Point, Size, View } from '../../viewer/view-transform.ts';
import type { ImageScale } from '../geometry/plane.ts';
import { type Mark, type MarkKind, markNames, shapeKindOf } from '../marks/mark.ts';
import { measure } from '../marks/mark-values.ts';
import { valueInWords } from '../marks/values-in-words.ts';
import { panePoint } from './places.ts';
import type { KeyedValues } from './use-values.ts';

interface MarkOverlayProps {
  marks: readonly Pick<Mark, 'id' | 'kind' | 'points' | 'number'>[];
  chosen: string | null;
  view: View;
  /** Columns and rows of the image. */
  grid: Size;
  pixelRatio: number;
  scale: ImageScale;
  unit: string;
  values: KeyedValues | null;
}

/** What was drawn over an image, with what it measures. */
export function MarkOverlay({
  marks,
  chosen,
  view,
  grid,
  pixelRatio,
  scale,
  unit,
  values,
}: MarkOverlayProps) {
  return (
    <svg className="reading-marks" aria-hidden="true" focusable="false">
      {marks.map(mark => {
        const points = mark.points.map(point => panePoint(view, point, grid, pixelRatio));
        const value = measure(mark, scale, values);
        const words = value ? valueInWords(value, scale, unit)[0] : undefined;
        return (
          <MarkDrawing
            key={mark.id}
            kind={mark.kind}
            points={points}
            isChosen={mark.id === chosen}
            label={label(mark, words)}
            width={view.frame.width / pixelRatio}
          />
        );
      })}
    </svg>
  );
}

function label({ kind, number }: Pick<Mark, 'kind' | 'number'>, words: string | undefined): string {
  if (kind === 'redaction') return '';
  return words === undefined ? `${number}` : `${number}: ${words}`;
}

interface MarkDrawingProps {
  kind: MarkKind;
  points: readonly Point[];
  isChosen: boolean;
  label: string;
  /** Of the pane. */
  width: number;
}

function MarkDrawing({ kind, points, isChosen, label, width }: MarkDrawingProps) {
  const path = shapePath(shapeKindOf(kind), points);
  const at = highest(points);
  // Towards the middle, where there is room for it.
  const isNearRight = at !== undefined && at[0] > width / 2;
  return (
    <g className="reading-mark" data-kind={kind} data-chosen={isChosen} data-name={markNames[kind]}>
      {/* A dark line under the light one: seen on white and on black. */}
      <path className="reading-mark-ground" d={path} />
      <path d={path} />
      {label && at && (
        <text x={at[0] + (isNearRight ? -8 : 8)} y={at[1] - 6} textAnchor={isNearRight ? 'end' : 'start'}>
          {label}
        </text>
      )}
    </g>
  );
}
