import { ResetIcon } from '../../controls/icons.tsx';
import type { Command } from './tool.ts';

export const reset: Command = {
  id: 'reset',
  name: 'Reset the image',
  keys: 'Backspace',
  Icon: ResetIcon,
  isMeant: key => key === 'Backspace',
  run: () => ({ type: 'reset' }),
};
