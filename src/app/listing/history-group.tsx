import { type ComponentProps, useId } from 'react';

/** Conversations under a heading. Its rows stand in portions, which an element for lists may not hold. */
export function HistoryGroup({ label, children }: { label: string; children: React.ReactNode }) {
  const labelId = useId();
  return (
    <section>
      <h2 id={labelId}>{label}</h2>
      {/* biome-ignore lint/a11y/useSemanticElements: see above */}
      <div role="list" aria-labelledby={labelId}>
        {children}
      </div>
    </section>
  );
}

/** One of them, of the conversation `data-id`. */
export function HistoryItem(
  props: ComponentProps<'div'> & { 'data-id': string; 'data-current'?: boolean | undefined },
) {
  // biome-ignore lint/a11y/useSemanticElements: see above
  return <div role="listitem" className="history-item" {...props} />;
}
