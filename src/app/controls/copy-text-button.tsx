import { useState } from 'react';

/** Puts a text on the clipboard, made when it is asked for. Says itself what came of it, where it was pressed. */
export function CopyTextButton({ label, text }: { label: string; text: () => string }) {
  const [outcome, setOutcome] = useState('');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text());
      setOutcome('copied');
    } catch {
      setOutcome('not allowed by this browser');
    }
  };
  return (
    <>
      <button type="button" className="button" onClick={() => void copy()} onBlur={() => setOutcome('')}>
        {outcome ? `${label}: ${outcome}` : label}
      </button>
      <span className="visually-hidden" role="status">
        {outcome}
      </span>
    </>
  );
}
