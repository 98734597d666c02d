import { icon } from '../../controls/icons.tsx';
import { crossByArrows } from './arrows-in-words.ts';
import type { Tool } from './tool.ts';

export const arrowTool: Tool = {
  id: 'arrow',
  name: 'Arrow',
  key: 'Y',
  Icon: icon(<path d="M4 16 16 4M9.5 4H16v6.5" />),
  pointer: 'Drag to what it points at.',
  arrows: crossByArrows,
  cursor: 'crosshair',
};
