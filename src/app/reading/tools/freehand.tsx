import { icon } from '../../controls/icons.tsx';
import { crossByArrows } from './arrows-in-words.ts';
import type { Tool } from './tool.ts';

export const freehandTool: Tool = {
  id: 'freehand',
  name: 'Outline',
  key: 'D',
  Icon: icon(<path d="M5 13.5c-3-3.5-.5-8 3.5-7s4-3.5 7-2 1.5 6-.5 8-7 4.5-10 1z" />),
  pointer: 'Draw around it, or press corner by corner and twice at the last.',
  arrows: crossByArrows,
  cursor: 'crosshair',
};
