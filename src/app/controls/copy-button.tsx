import { type ReactNode, useEffect, useState } from 'react';
import { useApp } from '../state/app-context.tsx';
import { CheckIcon, CopyIcon } from './icons.tsx';
import { writeClipboard } from './write-clipboard.ts';

const feedbackMs = 1800;

type CopyButtonProps = {
  label: string;
  /** Where two of them stand side by side. */
  icon?: ReactNode;
} & ({ text: string } | { /** Made when it is asked for. */ copy: () => { plain: string; html?: string } });

export function CopyButton({ label, icon = <CopyIcon size={18} />, ...what }: CopyButtonProps) {
  const { ui } = useApp();
  const [isCopied, setCopied] = useState(false);

  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), feedbackMs);
    return () => clearTimeout(timer);
  }, [isCopied]);

  const copy = async () => {
    try {
      await writeClipboard('copy' in what ? what.copy() : { plain: what.text });
      setCopied(true);
      ui.getState().announce('Copied');
    } catch {
      ui.getState().showToast('This browser did not allow copying. Select the text and copy it instead.');
    }
  };

  return (
    <button type="button" className="icon-button" aria-label={label} title={label} onClick={copy}>
      {isCopied ? <CheckIcon size={18} /> : icon}
    </button>
  );
}
