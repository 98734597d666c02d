import { icon } from '../../controls/icons.tsx';
import type { Command } from './tool.ts';

export const actualSize: Command = {
  id: 'actual-size',
  name: 'Actual size',
  keys: '1',
  Icon: icon(
    <>
      <path d="M4 6.2 6 4.5v11M13.5 6.2l2-1.7v11" />
      <path d="M10.5 8v.1M10.5 12v.1" />
    </>,
  ),
  isMeant: key => key === '1',
  run: () => ({ type: 'view', action: { type: 'zoom-to', zoom: 1 } }),
};
