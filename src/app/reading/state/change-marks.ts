import { clampToImage, type ImagePoint } from '../geometry/plane.ts';
import { type Drawing, type DrawingStep, end, move, press, release } from '../marks/drawing.ts';
import { type MarkKind, markKinds, nextNumber } from '../marks/mark.ts';
import { sizeOf } from '../study/image-facts.ts';
import type { DrawAction, MarkAction } from './reading-actions.ts';
import { activePane, imageOf, keyOf, type ReadingState } from './reading-state.ts';
import type { ToolId } from './tool-ids.ts';

/** What a tool draws; null of one that draws nothing. */
export function kindOfTool(tool: ToolId): MarkKind | null {
  return markKinds.find(kind => kind === tool) ?? null;
}

export function draw(state: ReadingState, action: DrawAction): ReadingState {
  const kind = kindOfTool(state.tool);
  const { drawing } = state;
  switch (action.type) {
    case 'draw-press':
      return kind ? take(state, press(drawing, kind, inside(state, action.at)), kind) : state;
    case 'draw-move':
      return drawing ? { ...state, drawing: move(drawing, inside(state, action.at), action.isHeld) } : state;
    case 'draw-release':
      return drawing
        ? take(state, release(drawing, inside(state, action.at), action.wasDragged), drawing.kind)
        : state;
    case 'draw-end':
      return drawing ? take(state, end(withoutLast(drawing)), drawing.kind) : state;
    case 'draw-cancel':
      return { ...state, drawing: null };
  }
}

/** The point that follows the pointer does not count where an outline is ended by a key. */
function withoutLast(drawing: Drawing): Drawing {
  return drawing.kind === 'freehand' ? { ...drawing, points: drawing.points.slice(0, -1) } : drawing;
}

function inside(state: ReadingState, at: ImagePoint): ImagePoint {
  const image = imageOf(state, activePane(state));
  if (!image) return at;
  const { width, height } = sizeOf(state.study.files[image.file]!);
  return clampToImage(at, width, height);
}

function take(state: ReadingState, { drawing, whole }: DrawingStep, kind: MarkKind): ReadingState {
  const image = keyOf(state, activePane(state));
  if (!whole || image === null) return { ...state, drawing };
  const number = nextNumber(state.marks, image);
  const id = `${image} ${number} ${state.marks.length}`;
  const mark = { id: freeId(state, id), image, number, kind, points: whole, note: '' };
  return { ...state, drawing, marks: [...state.marks, mark], chosenMark: mark.id, areMarksShown: true };
}

function freeId(state: ReadingState, wanted: string): string {
  return state.marks.some(({ id }) => id === wanted) ? freeId(state, `${wanted}+`) : wanted;
}

export function changeMarks(state: ReadingState, action: MarkAction): ReadingState {
  switch (action.type) {
    case 'choose-mark':
      return { ...state, chosenMark: action.id };
    case 'change-mark': {
      const { points, ...rest } = action.change;
      const change = points ? { ...rest, points: points.map(point => inside(state, point)) } : rest;
      return {
        ...state,
        marks: state.marks.map(mark => (mark.id === action.id ? { ...mark, ...change } : mark)),
      };
    }
    case 'delete-mark':
      return {
        ...state,
        marks: state.marks.filter(({ id }) => id !== action.id),
        chosenMark: state.chosenMark === action.id ? null : state.chosenMark,
      };
    case 'show-marks':
      return { ...state, areMarksShown: action.areShown };
  }
}
