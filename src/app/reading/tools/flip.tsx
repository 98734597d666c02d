import { FlipIcon } from '../../controls/icons.tsx';
import { activePane } from '../state/reading-state.ts';
import type { Command } from './tool.ts';

export const flip: Command = {
  id: 'flip',
  name: 'Flip left and right',
  keys: 'H',
  Icon: FlipIcon,
  isMeant: key => key.toLowerCase() === 'h',
  isOn: state => activePane(state).view.isFlipped,
  run: () => ({ type: 'view', action: { type: 'flip' } }),
};
