import { memo } from 'react';
import type { Message } from '../../client/index.ts';

interface FarMessagesProps {
  messages: readonly Message[];
  /** Of each, in pixels. */
  heights: readonly number[];
  /** The texts are there; until they are, the place is empty. */
  isFilled: boolean;
}

/**
 * Messages that follow one another far from what is seen, as bare text where they stand: the browser's search finds them, a selection and a
 * screen reader go through them, and they cost no layout.
 */
export const FarMessages = memo(
  function FarMessages({ messages, heights, isFilled }: FarMessagesProps) {
    let top = 0;
    const texts = messages.map((message, index) => {
      const height = heights[index]!;
      const style = { insetBlockStart: top, height };
      top += height;
      return (
        <p key={message.id} dir="auto" style={style}>
          {message.text}
        </p>
      );
    });
    return (
      <li className="messages-far" style={{ height: top }}>
        {isFilled && texts}
      </li>
    );
  },
  (before, after) =>
    before.isFilled === after.isFilled &&
    before.messages.length === after.messages.length &&
    before.messages.every((message, index) => message === after.messages[index]) &&
    before.heights.every((height, index) => height === after.heights[index]),
);
