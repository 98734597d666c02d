import { icon } from '../../controls/icons.tsx';
import { crossByArrows } from './arrows-in-words.ts';
import type { Tool } from './tool.ts';

export const ellipseTool: Tool = {
  id: 'ellipse',
  name: 'Ellipse',
  key: 'E',
  Icon: icon(<ellipse cx="10" cy="10" rx="7" ry="5" />),
  pointer: 'Drag from corner to corner: mean and deviation of what is inside.',
  arrows: crossByArrows,
  cursor: 'crosshair',
};
