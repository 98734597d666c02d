import { ZoomOutIcon } from '../../controls/icons.tsx';
import type { Command } from './tool.ts';
import { zoomStep } from './zoom.tsx';

export const zoomOut: Command = {
  id: 'zoom-out',
  name: 'Zoom out',
  keys: '−',
  Icon: ZoomOutIcon,
  isMeant: key => key === '-' || key === '_',
  run: () => ({ type: 'view', action: { type: 'zoom-by', factor: 1 / zoomStep, at: [0, 0] } }),
};
