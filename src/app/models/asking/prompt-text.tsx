import type { PromptText as Prompt } from '../../../client/index.ts';
import { CopyTextButton } from '../../controls/copy-text-button.tsx';
import { formatCount, plural } from '../../format/quantities.ts';
import { mendingInWords } from '../../format/template-in-words.ts';

/** A prompt as the model reads it: what somebody wrote is underlined, the template's own words are not. */
export function PromptText({ prompt }: { prompt: Prompt }) {
  const { text, parts, ids, contextTokens, droppedMessages, mendings } = prompt;
  return (
    <div className="prompt">
      <p>
        {plural(ids.length, 'token')} of {formatCount(contextTokens)}.{' '}
        <span className="prompt-written">Underlined</span> is what somebody wrote: it is read as text,
        whatever stands in it. All else is the template’s.
      </p>
      {droppedMessages > 0 && (
        <p>
          {plural(droppedMessages, 'earlier message')} {droppedMessages === 1 ? 'does' : 'do'} not fit and{' '}
          {droppedMessages === 1 ? 'is' : 'are'} left out.
        </p>
      )}
      {mendings.map(mending => (
        <p key={mending}>{mendingInWords[mending]}</p>
      ))}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long text scrolls, with the keyboard too */}
      <section className="prompt-frame" tabIndex={0} aria-label="The exact prompt, as text">
        <pre dir="auto">
          {parts.map((part, index) =>
            part.special ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: a fixed sequence
              <span key={index}>{part.text}</span>
            ) : (
              // biome-ignore lint/suspicious/noArrayIndexKey: a fixed sequence
              <mark key={index} className="prompt-written">
                {part.text}
              </mark>
            ),
          )}
        </pre>
      </section>
      <CopyTextButton label="Copy the prompt" text={() => text} />
      <details>
        <summary>Token ids</summary>
        <p className="prompt-ids">{ids.join(' ')}</p>
      </details>
    </div>
  );
}
