import { useEffect, useState } from 'react';
import { useApp } from '../state/app-context.tsx';
import { CheckIcon, CopyIcon } from './icons.tsx';

const feedbackMs = 1800;

export function CopyButton({ text, label }: { text: string; label: string }) {
  const { ui } = useApp();
  const [isCopied, setCopied] = useState(false);

  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), feedbackMs);
    return () => clearTimeout(timer);
  }, [isCopied]);

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      ui.getState().announce('Copied');
    } catch {
      ui.getState().showToast('This browser did not allow copying. Select the text and copy it instead.');
    }
  };

  return (
    <button type="button" className="icon-button" aria-label={label} title={label} onClick={copy}>
      {isCopied ? <CheckIcon size={18} /> : <CopyIcon size={18} />}
    </button>
  );
}
