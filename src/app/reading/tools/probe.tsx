import { icon } from '../../controls/icons.tsx';
import type { Tool } from './tool.ts';

export const probeTool: Tool = {
  id: 'probe',
  name: 'Value',
  key: 'V',
  Icon: icon(
    <path d="M12 5.2 14.8 8M14 3.4a1.9 1.9 0 0 1 2.6 2.6l-2 2-2.6-2.6zM11.5 5.7 4.8 12.4 4 16l3.6-.8 6.7-6.7" />,
  ),
  pointer: 'Point at a pixel to read its value.',
  arrows: 'The arrow keys move the cross, with Shift by ten pixels.',
  cursor: 'crosshair',
};
