import { icon } from '../../controls/icons.tsx';
import { crossByArrows } from './arrows-in-words.ts';
import type { Tool } from './tool.ts';

export const redactionTool: Tool = {
  id: 'redaction',
  name: 'Black box',
  key: 'X',
  Icon: icon(<rect x="3.5" y="6" width="13" height="8" fill="currentColor" />),
  pointer: 'Drag over what is not to be seen. A model sees black there.',
  arrows: crossByArrows,
  cursor: 'crosshair',
};
