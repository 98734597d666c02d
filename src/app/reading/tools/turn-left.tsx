import { TurnLeftIcon } from '../../controls/icons.tsx';
import type { Command } from './tool.ts';

export const turnLeft: Command = {
  id: 'turn-left',
  name: 'Turn left',
  keys: 'Shift + R',
  Icon: TurnLeftIcon,
  isMeant: (key, shiftKey) => shiftKey && key.toLowerCase() === 'r',
  run: () => ({ type: 'view', action: { type: 'turn', by: -1 } }),
};
