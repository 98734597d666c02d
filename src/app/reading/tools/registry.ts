/** Every tool of the reading room, in the order of its buttons. To add one: a file, its id in `tool-ids.ts`, a line here. */
import type { ToolId } from '../state/tool-ids.ts';
import { actualSize } from './actual-size.tsx';
import { angleTool } from './angle.tsx';
import { arrowTool } from './arrow.tsx';
import { deleteMark } from './delete-mark.tsx';
import { ellipseTool } from './ellipse.tsx';
import { fit } from './fit.tsx';
import { flip } from './flip.tsx';
import { freehandTool } from './freehand.tsx';
import { invert } from './invert.tsx';
import { lengthTool } from './length.tsx';
import { magnifyTool } from './magnify.tsx';
import { panTool } from './pan.tsx';
import { pointTool } from './point.tsx';
import { probeTool } from './probe.tsx';
import { rectangleTool } from './rectangle.tsx';
import { redactionTool } from './redaction.tsx';
import { reset } from './reset.tsx';
import { scrollTool } from './scroll.tsx';
import type { Command, Tool } from './tool.ts';
import { turnLeft } from './turn-left.tsx';
import { turnRight } from './turn-right.tsx';
import { windowTool } from './window.tsx';
import { zoomTool } from './zoom.tsx';
import { zoomIn } from './zoom-in.tsx';
import { zoomOut } from './zoom-out.tsx';

/** In groups, as they stand beside one another. */
export const toolGroups: readonly { name: string; tools: readonly Tool[] }[] = [
  { name: 'Look', tools: [scrollTool, windowTool, panTool, zoomTool, magnifyTool, probeTool] },
  { name: 'Measure', tools: [lengthTool, angleTool, rectangleTool, ellipseTool, freehandTool] },
  { name: 'Mark', tools: [arrowTool, pointTool, redactionTool] },
];

export const tools: readonly Tool[] = toolGroups.flatMap(group => group.tools);

export const commandGroups: readonly { name: string; commands: readonly Command[] }[] = [
  { name: 'Zoom', commands: [zoomOut, zoomIn, fit, actualSize] },
  { name: 'Position and colours', commands: [turnLeft, turnRight, flip, invert, reset] },
];

/** Those without a button of their own in the bar, too. */
export const commands: readonly Command[] = [...commandGroups.flatMap(group => group.commands), deleteMark];

export function toolOf(id: ToolId): Tool {
  return tools.find(tool => tool.id === id)!;
}

export function toolOfKey(key: string): Tool | undefined {
  return tools.find(tool => tool.key === key.toUpperCase());
}

export function commandOfKey(key: string, shiftKey: boolean): Command | undefined {
  return commands.find(command => command.isMeant(key, shiftKey));
}
