import { icon } from '../../controls/icons.tsx';
import { crossByArrows } from './arrows-in-words.ts';
import type { Tool } from './tool.ts';

export const angleTool: Tool = {
  id: 'angle',
  name: 'Angle',
  key: 'A',
  Icon: icon(<path d="M16.5 16h-13L13 4M9 16a5.5 5.5 0 0 0-2-4.3" />),
  pointer: 'Drag along one arm, then press at the end of the other.',
  arrows: crossByArrows,
  cursor: 'crosshair',
};
