import { type Mark, markNames } from '../marks/mark.ts';
import { type MarkValue, measure } from '../marks/mark-values.ts';
import type { KeyedValues } from '../panes/use-values.ts';
import { activePane, factsOf, imageOf, marksOf, type ReadingState } from '../state/reading-state.ts';
import { sizeOf } from '../study/image-facts.ts';
import { scaleOf } from '../study/image-scale.ts';
import { unitOf } from '../study/units.ts';

export interface MarksFile {
  format: 'bedside-marks';
  version: 1;
  about: string;
  image: {
    file: string;
    /** From 0. */
    frame: number;
    width: number;
    height: number;
    /** Millimetres between rows, and between columns; null where they are not known. */
    spacing: { row: number; column: number; at: 'patient' | 'detector' } | null;
    /** Of its values. */
    unit: string;
  };
  marks: (Pick<Mark, 'number' | 'kind' | 'points' | 'note'> & { name: string; value: MarkValue | null })[];
}

/** The marks of the active image as data; null where it has none. */
export function marksFile(state: ReadingState, values: KeyedValues | null): MarksFile | null {
  const pane = activePane(state);
  const image = imageOf(state, pane);
  const marks = marksOf(state, pane);
  if (!image || marks.length === 0) return null;
  const file = state.study.files[image.file]!;
  const scale = scaleOf(state.study, image);
  return {
    format: 'bedside-marks',
    version: 1,
    about:
      'Points are in pixels: x along a row, y down a column, [0, 0] the upper left corner of the first pixel.',
    image: {
      file: file.path,
      frame: image.frame,
      ...sizeOf(file),
      spacing: scale.spacing,
      unit: unitOf(factsOf(state, pane)),
    },
    marks: marks.map(mark => ({
      number: mark.number,
      name: markNames[mark.kind],
      kind: mark.kind,
      points: mark.points,
      note: mark.note,
      value: measure(mark, scale, values),
    })),
  };
}
