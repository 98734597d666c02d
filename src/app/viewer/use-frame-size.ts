import { type RefObject, useLayoutEffect, useState } from 'react';
import type { Size } from './view-transform.ts';

export interface FrameSize {
  /** Screen pixels. */
  frame: Size;
  /** Screen pixels to a CSS pixel. */
  pixelRatio: number;
}

/** How large an element is laid out, now and after every change; null before it is. */
export function useFrameSize(ref: RefObject<HTMLElement | null>): FrameSize | null {
  const [size, setSize] = useState<FrameSize | null>(null);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const measure = () => {
      const pixelRatio = window.devicePixelRatio;
      const { clientWidth, clientHeight } = element;
      if (clientWidth === 0 || clientHeight === 0) return;
      setSize({
        frame: { width: clientWidth * pixelRatio, height: clientHeight * pixelRatio },
        pixelRatio,
      });
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
  return size;
}
