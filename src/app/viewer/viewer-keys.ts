import type { KeyRow } from './keys-panel.tsx';
import type { Layer } from './tile-lines.ts';
import type { Point } from './view-transform.ts';
import type { ViewerAction, ViewerState } from './viewer-state.ts';

/** Zoom of one press of a key or button. */
export const zoomStep = 1.25;
const toneStep = 5;
/** Of the frame, for one press of an arrow key. */
const panShare = 0.1;
const middle: Point = [0, 0];

export const viewerKeys: readonly KeyRow[] = [
  { keys: ['+', '−'], does: 'Zoom in, zoom out' },
  { keys: ['0', 'F'], does: 'Fit to the window' },
  { keys: ['1'], does: 'Actual size, 100 %' },
  { keys: ['Arrow keys'], does: 'Move over the image' },
  { keys: ['R', 'Shift + R'], does: 'Turn right, turn left' },
  { keys: ['H'], does: 'Flip left and right' },
  { keys: ['I'], does: 'Invert' },
  { keys: ['B', 'Shift + B'], does: 'Brighter, darker' },
  { keys: ['C', 'Shift + C'], does: 'More contrast, less' },
  { keys: ['G'], does: 'Next tiles of the model' },
  { keys: ['M'], does: 'Marks on or off' },
  { keys: ['Backspace'], does: 'Reset all' },
  { keys: ['?'], does: 'Show or hide these keys' },
  { keys: ['Escape'], does: 'Close' },
];

export const viewerPointer =
  'Drag to move, wheel or two fingers to zoom. Drag with the right mouse button: up is brighter, right is more contrast.';

/** What a key does to the picture, if anything. `layers`: what the next-layer key goes through. */
export function actionOfKey(
  { key, shiftKey }: { key: string; shiftKey: boolean },
  { view, layer, areShapesShown }: ViewerState,
  layers: readonly Layer[],
): ViewerAction | null {
  const sign = shiftKey ? -1 : 1;
  const [across, down] = [view.frame.width * panShare, view.frame.height * panShare];
  switch (key.toLowerCase()) {
    case '+':
    case '=':
      return { type: 'zoom-by', factor: zoomStep, at: middle };
    case '-':
    case '_':
      return { type: 'zoom-by', factor: 1 / zoomStep, at: middle };
    case '0':
    case 'f':
      return { type: 'fit' };
    case '1':
      return { type: 'zoom-to', zoom: 1 };
    case 'arrowleft':
      return { type: 'pan', by: [across, 0] };
    case 'arrowright':
      return { type: 'pan', by: [-across, 0] };
    case 'arrowup':
      return { type: 'pan', by: [0, down] };
    case 'arrowdown':
      return { type: 'pan', by: [0, -down] };
    case 'r':
      return { type: 'turn', by: sign };
    case 'h':
      return { type: 'flip' };
    case 'i':
      return { type: 'invert' };
    case 'b':
      return { type: 'adjust-tone', brightness: sign * toneStep };
    case 'c':
      return { type: 'adjust-tone', contrast: sign * toneStep };
    case 'g':
      return layers.length > 1
        ? { type: 'show-layer', layer: layers[(layers.indexOf(layer) + 1) % layers.length]! }
        : null;
    case 'm':
      return { type: 'show-shapes', areShown: !areShapesShown };
    case 'backspace':
      return { type: 'reset' };
    default:
      return null;
  }
}
