import { icon } from '../../controls/icons.tsx';
import type { Tool } from './tool.ts';

/** Of one press of a key or button. */
export const zoomStep = 1.25;
const perPixel = 0.006;

export const zoomTool: Tool = {
  id: 'zoom',
  name: 'Zoom',
  key: 'Z',
  Icon: icon(
    <>
      <circle cx="8.5" cy="8.5" r="5.25" />
      <path d="m12.5 12.5 4.5 4.5M8.5 6v5M6.9 7.4 8.5 5.8l1.6 1.6M6.9 9.6l1.6 1.6 1.6-1.6" />
    </>,
  ),
  pointer: 'Drag up to come nearer, down to go back.',
  arrows: 'The arrow keys up and down do the same.',
  cursor: 'ns-resize',
  drag: (from, to) => zoomBy(Math.exp((from[1] - to[1]) * perPixel)),
  press: ([right, down]) => (right === 0 ? zoomBy(down < 0 ? zoomStep : 1 / zoomStep) : null),
};

function zoomBy(factor: number) {
  return { type: 'view', action: { type: 'zoom-by', factor, at: [0, 0] } } as const;
}
