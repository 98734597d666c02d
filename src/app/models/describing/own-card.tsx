import type { CatalogueEntry } from '../../../client/index.ts';
import { useModel } from '../../state/app-context.tsx';
import { CardDetails } from './card-details.tsx';

/** In the place where cards stand: the card of what a file is, of what it may be, or that there is none. */
export function OwnCard({ entry: { card, looksLike } }: { entry: CatalogueEntry }) {
  const like = useModel(({ catalogue }) => catalogue.find(({ id }) => id === looksLike?.id));
  if (card) return <CardDetails url={card} />;
  return (
    <>
      <p className="no-card">
        <strong>Nobody has examined this model for medicine.</strong> How often it is wrong, what it learned
        from and what it leaves out is not known here; what its file says is its maker’s word alone. For
        research and education only.
      </p>
      {like?.card && (
        <>
          <p>If it is what it looks like, {like.name}:</p>
          <CardDetails url={like.card} />
        </>
      )}
    </>
  );
}
