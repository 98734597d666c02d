import { icon } from '../../controls/icons.tsx';
import { activePane, stackOf } from '../state/reading-state.ts';
import type { DragContext, Tool } from './tool.ts';

export const scrollTool: Tool = {
  id: 'scroll',
  name: 'Scroll',
  key: 'S',
  Icon: icon(<path d="M3.5 7.5 10 4l6.5 3.5L10 11zM3.5 10.5 10 14l6.5-3.5M3.5 13.5 10 17l6.5-3.5" />),
  pointer: 'Drag down for the next images, up for those before.',
  arrows: 'The arrow keys do the same, image by image.',
  cursor: 'ns-resize',
  drag(from, to, context) {
    const step = pixelsPerImage(context);
    const by = Math.trunc(to[1] / step) - Math.trunc(from[1] / step);
    return by === 0 ? null : { type: 'scroll-by', by };
  },
  press: ([right, down]) => ({ type: 'scroll-by', by: right + down }),
};

/** So that the whole stack lies within the height of the pane, but no image closer to the next than a hand can hold. */
function pixelsPerImage({ state, frame }: DragContext): number {
  const count = stackOf(state, activePane(state))?.images.length ?? 1;
  return Math.min(24, Math.max(3, (frame.height * 0.8) / count));
}
