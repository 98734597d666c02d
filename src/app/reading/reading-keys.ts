import type { KeyRow } from '../viewer/keys-panel.tsx';
import { stepInImage } from './panes/places.ts';
import { kindOfTool } from './state/change-marks.ts';
import type { ReadingAction } from './state/reading-actions.ts';
import { activePane, imageOf, type ReadingState, stackOf } from './state/reading-state.ts';
import { sizeOf } from './study/image-facts.ts';
import { commandOfKey, commands, toolOf, toolOfKey, tools } from './tools/registry.ts';
import type { Offset } from './tools/tool.ts';

export interface KeyPress {
  key: string;
  shiftKey: boolean;
}

const arrows: Readonly<Record<string, Offset>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
const coarseStep = 10;

export const readingKeys: readonly KeyRow[] = [
  ...tools.map(({ key, name }) => ({ keys: [key], does: name })),
  ...commands.map(({ keys, name }) => ({ keys: [keys], does: name })),
  { keys: ['Arrow keys'], does: 'What dragging does with the chosen tool' },
  { keys: ['Page Up, Page Down'], does: 'Image before, image after' },
  { keys: ['Home, End'], does: 'First image, last image' },
  { keys: ['Enter'], does: 'Set a point of a mark' },
  { keys: ['?'], does: 'Show or hide these keys' },
  { keys: ['Escape'], does: 'Give up a mark; close' },
];

export const readingPointer =
  'Wheel to scroll, with Ctrl to zoom; two fingers zoom. The right mouse button sets the window, the middle one moves.';

/** What a key does anywhere in the reading room: choose a tool, or act at once. */
export function actionsOfKey({ key, shiftKey }: KeyPress, state: ReadingState): ReadingAction[] | null {
  const command = commandOfKey(key, shiftKey);
  if (command) {
    const action = command.run(state);
    return action && [action];
  }
  if (shiftKey) return null;
  const tool = toolOfKey(key);
  return tool ? [{ type: 'choose-tool', tool: tool.id }] : null;
}

/** What a key does while an image has the focus: scroll, and what dragging does with the chosen tool. */
export function actionsOnStage(
  press: KeyPress,
  state: ReadingState,
  pixelRatio: number,
): ReadingAction[] | null {
  const { key } = press;
  const last = (stackOf(state, activePane(state))?.images.length ?? 1) - 1;
  switch (key) {
    case 'PageDown':
      return [{ type: 'scroll-by', by: 1 }];
    case 'PageUp':
      return [{ type: 'scroll-by', by: -1 }];
    case 'Home':
      return [{ type: 'scroll-to', index: 0 }];
    case 'End':
      return [{ type: 'scroll-to', index: last }];
    case 'Enter':
      return setPoint(state);
    default:
      return arrows[key] ? moveBy(arrows[key], press, state, pixelRatio) : null;
  }
}

function moveBy(
  direction: Offset,
  { shiftKey }: KeyPress,
  state: ReadingState,
  pixelRatio: number,
): ReadingAction[] | null {
  const tool = toolOf(state.tool);
  const { view } = activePane(state);
  const frame = { width: view.frame.width / pixelRatio, height: view.frame.height / pixelRatio };
  if (tool.press) {
    const action = tool.press(direction, { state, frame, pixelRatio });
    return action && [action];
  }
  const grid = gridOf(state);
  if (!grid) return null;
  const [x, y] = crossOf(state)!;
  const [across, down] = stepInImage(view, direction);
  const step = shiftKey ? coarseStep : 1;
  // On centres of pixels, and never off the image.
  const at = [
    Math.min(grid.width - 0.5, Math.max(0.5, Math.floor(x) + 0.5 + across * step)),
    Math.min(grid.height - 0.5, Math.max(0.5, Math.floor(y) + 0.5 + down * step)),
  ] as const;
  return state.drawing
    ? [
        { type: 'hover', at },
        { type: 'draw-move', at, isHeld: false },
      ]
    : [{ type: 'hover', at }];
}

/** As a press of the pointer at the cross. */
function setPoint(state: ReadingState): ReadingAction[] | null {
  const at = crossOf(state);
  if (!at || !kindOfTool(state.tool)) return null;
  return [
    { type: 'hover', at },
    { type: 'draw-press', at },
    { type: 'draw-release', at, wasDragged: false },
  ];
}

function gridOf(state: ReadingState) {
  const image = imageOf(state, activePane(state));
  return image && sizeOf(state.study.files[image.file]!);
}

/** Where the cross is; in the middle before it was moved. */
function crossOf(state: ReadingState) {
  const grid = gridOf(state);
  return (
    grid && (state.cursor ?? ([Math.floor(grid.width / 2) + 0.5, Math.floor(grid.height / 2) + 0.5] as const))
  );
}
