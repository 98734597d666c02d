import { ZoomInIcon } from '../../controls/icons.tsx';
import type { Command } from './tool.ts';
import { zoomStep } from './zoom.tsx';

export const zoomIn: Command = {
  id: 'zoom-in',
  name: 'Zoom in',
  keys: '+',
  Icon: ZoomInIcon,
  isMeant: key => key === '+' || key === '=',
  run: () => ({ type: 'view', action: { type: 'zoom-by', factor: zoomStep, at: [0, 0] } }),
};
