import { icon } from '../../controls/icons.tsx';
import { crossByArrows } from './arrows-in-words.ts';
import type { Tool } from './tool.ts';

export const lengthTool: Tool = {
  id: 'length',
  name: 'Length',
  key: 'L',
  Icon: icon(<path d="M3.5 16.5 16.5 3.5M2 15l3 3M15 2l3 3M8.6 9.3l1.4 1.4" />),
  pointer: 'Drag from one end to the other, or press at each.',
  arrows: crossByArrows,
  cursor: 'crosshair',
};
