import { DeleteIcon } from '../../controls/icons.tsx';
import type { Command } from './tool.ts';

export const deleteMark: Command = {
  id: 'delete-mark',
  name: 'Remove the chosen mark',
  keys: 'Delete',
  Icon: DeleteIcon,
  isMeant: key => key === 'Delete',
  run: ({ chosenMark }) => (chosenMark === null ? null : { type: 'delete-mark', id: chosenMark }),
};
