import { TurnRightIcon } from '../../controls/icons.tsx';
import type { Command } from './tool.ts';

export const turnRight: Command = {
  id: 'turn-right',
  name: 'Turn right',
  keys: 'R',
  Icon: TurnRightIcon,
  isMeant: (key, shiftKey) => !shiftKey && key.toLowerCase() === 'r',
  run: () => ({ type: 'view', action: { type: 'turn', by: 1 } }),
};
