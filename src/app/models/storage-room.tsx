import { freeBytes } from '../../client/index.ts';
import { formatBytes } from '../format/quantities.ts';
import { useLibrary } from '../state/app-context.tsx';

/** What a copy of a model takes of the room that the browser gives; nothing where that is not known. */
export function StorageRoom({ bytes }: { bytes: number }) {
  const estimate = useLibrary(state => state.estimate);
  const free = estimate && freeBytes(estimate);
  if (free === null || free === undefined) return null;
  return (
    <p className={free < bytes ? 'field-error' : 'muted'}>
      Kept, it takes {formatBytes(bytes)} on this device; the browser gives this site {formatBytes(free)}{' '}
      more.
    </p>
  );
}
