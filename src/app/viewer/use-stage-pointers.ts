import { type PointerEvent, type RefObject, useEffect, useRef } from 'react';
import type { Point } from './view-transform.ts';
import type { ViewerAction } from './viewer-state.ts';

/** Steps of brightness or contrast to a CSS pixel, dragged with the right button. */
const tonePerPixel = 0.25;
const zoomPerWheelPixel = 0.0015;
/** Two fingers on a touchpad come as small wheel steps with the control key down. */
const zoomPerPinchPixel = 0.01;
const pixelsPerLine = 16;
const pixelsPerPage = 400;

/** One finger or the mouse moves the image, two fingers zoom it, the right button changes its tone, the wheel zooms. */
export function useStagePointers(
  stage: RefObject<HTMLElement | null>,
  pixelRatio: number,
  act: (action: ViewerAction) => void,
) {
  const held = useRef(new Map<number, Point>());

  useEffect(() => {
    const element = stage.current;
    if (!element) return;
    // React listens to the wheel passively: it could not keep the page from zooming along.
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const unit = [1, pixelsPerLine, pixelsPerPage][event.deltaMode] ?? 1;
      const rate = event.ctrlKey ? zoomPerPinchPixel : zoomPerWheelPixel;
      const factor = Math.exp(-event.deltaY * unit * rate);
      act({ type: 'zoom-by', factor, at: fromCentre(element, event, pixelRatio) });
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [stage, pixelRatio, act]);

  const release = (event: PointerEvent<HTMLElement>) => {
    held.current.delete(event.pointerId);
  };

  return {
    onPointerDown(event: PointerEvent<HTMLElement>) {
      event.currentTarget.setPointerCapture(event.pointerId);
      held.current.set(event.pointerId, fromCentre(event.currentTarget, event, pixelRatio));
    },
    onPointerMove(event: PointerEvent<HTMLElement>) {
      const before = held.current.get(event.pointerId);
      if (!before) return;
      const now = fromCentre(event.currentTarget, event, pixelRatio);
      const other = [...held.current].find(([id]) => id !== event.pointerId)?.[1];
      held.current.set(event.pointerId, now);
      if (other) {
        act({
          type: 'pinch',
          factor: distance(now, other) / Math.max(1, distance(before, other)),
          from: between(before, other),
          to: between(now, other),
        });
        return;
      }
      const [x, y] = [now[0] - before[0], now[1] - before[1]];
      if (event.buttons & rightButton) {
        const steps = tonePerPixel / pixelRatio;
        act({ type: 'adjust-tone', contrast: x * steps, brightness: -y * steps });
      } else {
        act({ type: 'pan', by: [x, y] });
      }
    },
    onPointerUp: release,
    onPointerCancel: release,
    // Its place is taken by the drag.
    onContextMenu(event: { preventDefault: () => void }) {
      event.preventDefault();
    },
  };
}

const rightButton = 2;

/** Screen pixels from the centre of an element. */
function fromCentre(
  element: HTMLElement,
  { clientX, clientY }: { clientX: number; clientY: number },
  pixelRatio: number,
): Point {
  const { left, top, width, height } = element.getBoundingClientRect();
  return [(clientX - left - width / 2) * pixelRatio, (clientY - top - height / 2) * pixelRatio];
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}

function between(a: Point, b: Point): Point {
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
}
