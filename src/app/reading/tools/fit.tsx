import { FitIcon } from '../../controls/icons.tsx';
import type { Command } from './tool.ts';

export const fit: Command = {
  id: 'fit',
  name: 'Fit to the window',
  keys: '0 or F',
  Icon: FitIcon,
  isMeant: key => key === '0' || key.toLowerCase() === 'f',
  run: () => ({ type: 'view', action: { type: 'fit' } }),
};
