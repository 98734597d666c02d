import type { ReactNode } from 'react';
import type { Message } from '../../client/index.ts';
import { Boundary } from './boundary.tsx';
import { FailedPart } from './failed-part.tsx';

/** A message that cannot be shown as it should be is shown as it was written. */
export function MessageBoundary({ message, children }: { message: Message; children: ReactNode }) {
  const { role, text } = message;
  const what = role === 'user' ? 'This question' : 'This answer';
  return (
    <Boundary
      shown={message}
      fallback={failure => (
        <article className="message" aria-label={role === 'user' ? 'Your question' : 'Answer'}>
          <FailedPart {...failure} what={what} text={() => text}>
            <p>
              It is stored, and the rest of the conversation is not concerned. Its text as it was written:
            </p>
          </FailedPart>
          <p className="md-raw" dir="auto">
            {text}
          </p>
        </article>
      )}
    >
      {children}
    </Boundary>
  );
}

/** A part of an answer that cannot be shown as it was meant is shown as it was written. */
export function TextBoundary({ text, children }: { text: string; children: ReactNode }) {
  return (
    <Boundary
      shown={text}
      fallback={() => (
        <p className="md-raw" dir="auto">
          {text}
        </p>
      )}
    >
      {children}
    </Boundary>
  );
}
