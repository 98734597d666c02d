import { type PointerEvent, type RefObject, useEffect, useRef } from 'react';
import type { Point, Size, View } from '../../viewer/view-transform.ts';
import type { ReadingAction } from '../state/reading-actions.ts';
import type { ReadingState } from '../state/reading-state.ts';
import { toolOf } from '../tools/registry.ts';
import type { DragContext, Tool } from '../tools/tool.ts';
import { imagePoint } from './places.ts';

const zoomPerWheelPixel = 0.0015;
/** Two fingers on a touchpad come as small wheel steps with the control key down. */
const zoomPerPinchPixel = 0.01;
const pixelsPerLine = 16;
const pixelsPerPage = 400;
/** Of a wheel; a notch is a hundred or so, a touchpad comes in small steps. */
const wheelPerImage = 60;
/** CSS pixels that a hand moves without meaning it. */
const stillness = 4;
const middleButton = 1;
const rightButton = 2;

interface PanePointers {
  stage: RefObject<HTMLElement | null>;
  state: ReadingState;
  place: number;
  /** Columns and rows of the image; null where there is none. */
  grid: Size | null;
  count: number;
  pixelRatio: number;
  act: (action: ReadingAction) => void;
}

interface Held {
  start: Point;
  last: Point;
  tool: Tool;
  wasDragged: boolean;
}

/**
 * One pointer does what the chosen tool does; the right button sets the window and the middle one moves, whatever is chosen. Two
 * fingers zoom. The wheel scrolls through a stack, with the control key it zooms; over a single image it zooms anyway.
 */
export function usePanePointers({ stage, state, place, grid, count, pixelRatio, act }: PanePointers) {
  const held = useRef(new Map<number, Held>());
  const now = useRef({ state, grid, count, pixelRatio });
  now.current = { state, grid, count, pixelRatio };

  useEffect(() => {
    const element = stage.current;
    if (!element) return;
    let turned = 0;
    // React listens to the wheel passively: it could not keep the page from zooming along.
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const delta = event.deltaY * ([1, pixelsPerLine, pixelsPerPage][event.deltaMode] ?? 1);
      if (now.current.state.active !== place) act({ type: 'activate', pane: place });
      if (event.ctrlKey || now.current.count < 2) {
        const factor = Math.exp(-delta * (event.ctrlKey ? zoomPerPinchPixel : zoomPerWheelPixel));
        const at = fromCentre(element, event, now.current.pixelRatio);
        act({ type: 'view', action: { type: 'zoom-by', factor, at } });
        return;
      }
      // A notch of a wheel is at least one image.
      turned = Math.sign(delta) === Math.sign(turned) ? turned + delta : delta;
      const by =
        Math.trunc(turned / wheelPerImage) || (Math.abs(delta) >= wheelPerImage / 2 ? Math.sign(delta) : 0);
      if (by === 0) return;
      turned = 0;
      act({ type: 'scroll-by', by });
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [stage, place, act]);

  const inImage = (event: PointerEvent<HTMLElement>, view: View) =>
    now.current.grid &&
    imagePoint(view, fromCentre(event.currentTarget, event, pixelRatio), now.current.grid);

  const release = (event: PointerEvent<HTMLElement>, isCancelled: boolean) => {
    const gesture = held.current.get(event.pointerId);
    held.current.delete(event.pointerId);
    if (!gesture || gesture.tool.drag) return;
    const at = inImage(event, state.panes[place]!.view);
    if (isCancelled) act({ type: 'draw-cancel' });
    else if (at) act({ type: 'draw-release', at, wasDragged: gesture.wasDragged });
  };

  return {
    onPointerDown(event: PointerEvent<HTMLElement>) {
      event.currentTarget.setPointerCapture(event.pointerId);
      if (state.active !== place) act({ type: 'activate', pane: place });
      const start: Point = [event.clientX, event.clientY];
      const tool = toolOfButton(event.button, state);
      held.current.set(event.pointerId, { start, last: start, tool, wasDragged: false });
      const at = inImage(event, state.panes[place]!.view);
      if (held.current.size > 1) act({ type: 'draw-cancel' });
      else if (!tool.drag && at) {
        act({ type: 'hover', at });
        act({ type: 'draw-press', at });
      }
    },
    onPointerMove(event: PointerEvent<HTMLElement>) {
      const gesture = held.current.get(event.pointerId);
      const view = state.panes[place]!.view;
      const at = inImage(event, view);
      if (state.active === place && at) act({ type: 'hover', at });
      if (!gesture) {
        if (state.active === place && state.drawing && at) act({ type: 'draw-move', at, isHeld: false });
        return;
      }
      const before = gesture.last;
      gesture.last = [event.clientX, event.clientY];
      gesture.wasDragged ||= distance(gesture.start, gesture.last) > stillness;
      const other = [...held.current].find(([id]) => id !== event.pointerId)?.[1];
      if (other) pinch(event.currentTarget, before, gesture.last, other.last);
      else if (gesture.tool.drag) drag(gesture, before);
      else if (at) act({ type: 'draw-move', at, isHeld: gesture.wasDragged });
    },
    onPointerUp: (event: PointerEvent<HTMLElement>) => release(event, false),
    onPointerCancel: (event: PointerEvent<HTMLElement>) => release(event, true),
    onPointerLeave() {
      if (state.active === place && held.current.size === 0) act({ type: 'hover', at: null });
    },
    // Its place is taken by the drag.
    onContextMenu(event: { preventDefault: () => void }) {
      event.preventDefault();
    },
  };

  function drag({ tool, start, last }: Held, before: Point): void {
    const view = state.panes[place]!.view;
    const context: DragContext = {
      state,
      frame: { width: view.frame.width / pixelRatio, height: view.frame.height / pixelRatio },
      pixelRatio,
    };
    const action = tool.drag?.(offset(start, before), offset(start, last), context);
    if (action) act(action);
  }

  function pinch(element: HTMLElement, before: Point, after: Point, other: Point): void {
    const centred = (point: Point) =>
      fromCentre(element, { clientX: point[0], clientY: point[1] }, pixelRatio);
    act({
      type: 'view',
      action: {
        type: 'pinch',
        factor: distance(after, other) / Math.max(1, distance(before, other)),
        from: centred(between(before, other)),
        to: centred(between(after, other)),
      },
    });
  }
}

function toolOfButton(button: number, { tool }: ReadingState): Tool {
  if (button === rightButton) return toolOf('window');
  return toolOf(button === middleButton ? 'pan' : tool);
}

/** Screen pixels from the centre of an element. */
function fromCentre(
  element: HTMLElement,
  { clientX, clientY }: { clientX: number; clientY: number },
  pixelRatio: number,
): Point {
  const { left, top, width, height } = element.getBoundingClientRect();
  return [(clientX - left - width / 2) * pixelRatio, (clientY - top - height / 2) * pixelRatio];
}

const offset = ([x0, y0]: Point, [x, y]: Point): Point => [x - x0, y - y0];
const distance = ([ax, ay]: Point, [bx, by]: Point) => Math.hypot(ax - bx, ay - by);
const between = ([ax, ay]: Point, [bx, by]: Point): Point => [(ax + bx) / 2, (ay + by) / 2];
