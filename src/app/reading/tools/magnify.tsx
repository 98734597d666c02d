import { icon } from '../../controls/icons.tsx';
import type { Tool } from './tool.ts';

export const magnifyTool: Tool = {
  id: 'magnify',
  name: 'Magnifier',
  key: 'M',
  Icon: icon(
    <>
      <circle cx="8.5" cy="8.5" r="5.25" />
      <path d="m12.5 12.5 4.5 4.5M8.5 6.2v4.6M6.2 8.5h4.6" />
    </>,
  ),
  pointer: 'Point at what is to be seen larger.',
  arrows: 'The arrow keys move the glass.',
  cursor: 'none',
};
