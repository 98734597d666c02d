// @vitest-environment jsdom
import { cleanup, render } from '@testing-library/react';
import { useRef } from 'react';
import { afterEach, expect, test, vi } from 'vitest';
import { useStickToBottom } from './use-stick-to-bottom.ts';

function Scroller() {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  useStickToBottom(scroller, content);
  return (
    <div ref={scroller} data-testid="scroller">
      <div ref={content} />
    </div>
  );
}

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

test('a reader who scrolls up in the frame in which the page followed its content is left there', () => {
  let grow: () => void = vi.fn();
  class Observer {
    constructor(told: () => void) {
      grow = told;
    }
    readonly observe = vi.fn();
    readonly disconnect = vi.fn();
  }
  vi.stubGlobal('ResizeObserver', Observer);
  const scroller = render(<Scroller />).getByTestId('scroller');
  Object.defineProperty(scroller, 'scrollHeight', { value: 20_000 });
  Object.defineProperty(scroller, 'clientHeight', { value: 800 });
  grow();
  expect(scroller.scrollTop).toBe(20_000);
  // One event for both: of where the page went nothing was told before.
  scroller.scrollTop = 300;
  scroller.dispatchEvent(new Event('scroll'));
  grow();
  expect(scroller.scrollTop).toBe(300);
});
