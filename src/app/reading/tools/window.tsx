import { icon } from '../../controls/icons.tsx';
import type { Tool } from './tool.ts';

/** As many pixels of a drag as one press of an arrow key is worth. */
const pixelsPerPress = 10;

export const windowTool: Tool = {
  id: 'window',
  name: 'Window',
  key: 'W',
  Icon: icon(
    <>
      <circle cx="10" cy="10" r="4" />
      <path d="M10 6a4 4 0 0 1 0 8z" fill="currentColor" />
      <path d="M10 1.75v2M10 16.25v2M1.75 10h2M16.25 10h2M4.2 4.2l1.4 1.4M14.4 14.4l1.4 1.4M15.8 4.2l-1.4 1.4M5.6 14.4l-1.4 1.4" />
    </>,
  ),
  pointer: 'Drag to the right for a wider window, up for a brighter image.',
  arrows: 'The arrow keys do the same.',
  cursor: 'move',
  drag: (from, to) => ({ type: 'drag-voi', by: [to[0] - from[0], to[1] - from[1]] }),
  press: ([right, down]) => ({ type: 'drag-voi', by: [right * pixelsPerPress, down * pixelsPerPress] }),
};
