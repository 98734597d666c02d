import { icon } from '../../controls/icons.tsx';
import { crossByArrows } from './arrows-in-words.ts';
import type { Tool } from './tool.ts';

export const rectangleTool: Tool = {
  id: 'rectangle',
  name: 'Rectangle',
  key: 'B',
  Icon: icon(<rect x="3.5" y="5" width="13" height="10" />),
  pointer: 'Drag from corner to corner: mean and deviation of what is inside.',
  arrows: crossByArrows,
  cursor: 'crosshair',
};
