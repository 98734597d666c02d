import { lazy, Suspense } from 'react';
import { useDraft } from '../state/app-context.tsx';

const SourcePanel = lazy(() =>
  import('./source-panel.tsx').then(({ SourcePanel }) => ({ default: SourcePanel })),
);
const PasteOffer = lazy(() =>
  import('./paste-offer.tsx').then(({ PasteOffer }) => ({ default: PasteOffer })),
);

/** Pasted, a text of at least this many characters is one to ask about rather than a question; it stays where it is unless the reader says so. */
export const longPaste = 1500;

/** The texts of the question being written. */
export function LateSourcePanel() {
  const isEmpty = useDraft(state => state.sources.length === 0);
  if (isEmpty) return null;
  return (
    <Suspense fallback={null}>
      <SourcePanel />
    </Suspense>
  );
}

interface LatePasteOfferProps {
  /** What was pasted last; null where it was short, or is kept as it is. */
  pasted: string | null;
  onEnd: () => void;
}

export function LatePasteOffer({ pasted, onEnd }: LatePasteOfferProps) {
  const isThere = useDraft(({ text }) => pasted !== null && text.includes(pasted));
  if (pasted === null || !isThere) return null;
  return (
    <Suspense fallback={null}>
      <PasteOffer pasted={pasted} onEnd={onEnd} />
    </Suspense>
  );
}
