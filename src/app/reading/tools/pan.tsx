import { icon } from '../../controls/icons.tsx';
import type { Tool } from './tool.ts';

/** Of the pane, for one press of an arrow key. */
const share = 0.1;

export const panTool: Tool = {
  id: 'pan',
  name: 'Move',
  key: 'P',
  Icon: icon(
    <path d="M10 2.75v14.5M2.75 10h14.5M7.8 5 10 2.75 12.2 5M7.8 15l2.2 2.25L12.2 15M5 7.8 2.75 10 5 12.2M15 7.8 17.25 10 15 12.2" />,
  ),
  pointer: 'Drag to move the image.',
  arrows: 'The arrow keys move over it.',
  cursor: 'grab',
  drag: (from, to, { pixelRatio }) => ({
    type: 'view',
    action: { type: 'pan', by: [(to[0] - from[0]) * pixelRatio, (to[1] - from[1]) * pixelRatio] },
  }),
  // Towards what lies there: the image moves the other way.
  press: ([right, down], { frame, pixelRatio }) => ({
    type: 'view',
    action: {
      type: 'pan',
      by: [-right * frame.width * share * pixelRatio, -down * frame.height * share * pixelRatio],
    },
  }),
};
