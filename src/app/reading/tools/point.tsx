import { icon } from '../../controls/icons.tsx';
import { crossByArrows } from './arrows-in-words.ts';
import type { Tool } from './tool.ts';

export const pointTool: Tool = {
  id: 'point',
  name: 'Point',
  key: 'N',
  Icon: icon(
    <>
      <circle cx="10" cy="10" r="2.2" fill="currentColor" />
      <circle cx="10" cy="10" r="6.5" />
    </>,
  ),
  pointer: 'Press where a note belongs.',
  arrows: crossByArrows,
  cursor: 'crosshair',
};
