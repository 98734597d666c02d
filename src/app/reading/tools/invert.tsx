import { InvertIcon } from '../../controls/icons.tsx';
import { activePane } from '../state/reading-state.ts';
import type { Command } from './tool.ts';

export const invert: Command = {
  id: 'invert',
  name: 'Invert',
  keys: 'I',
  Icon: InvertIcon,
  isMeant: key => key.toLowerCase() === 'i',
  isOn: state => activePane(state).isInverted,
  run: () => ({ type: 'invert' }),
};
