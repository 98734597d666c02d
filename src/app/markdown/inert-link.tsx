import type { ReactNode } from 'react';
import { useApp } from '../state/app-context.tsx';

/** A link that goes nowhere by itself: it asks for a confirmation that shows the whole address. */
export function InertLink({ url, children }: { url: string; children: ReactNode }) {
  const { ui } = useApp();
  return (
    <button type="button" className="md-link" onClick={() => ui.getState().openDialog({ kind: 'link', url })}>
      {children}
    </button>
  );
}
