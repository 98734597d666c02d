import { bytesOfEntry, type CatalogueEntry, freeBytes } from '../../../client/index.ts';
import { formatBytes } from '../../format/quantities.ts';
import { judgeModel } from '../../hardware/verdict.ts';
import { useLibrary, useModel } from '../../state/app-context.tsx';

/** Whether it is worth the hours: said before gigabytes are fetched. */
export function Prospect({ entry }: { entry: CatalogueEntry }) {
  const device = useModel(state => state.device);
  const estimate = useLibrary(state => state.estimate);
  const { verdict, reason } = judgeModel({ entry, device, loaded: null, plan: null, foundBytes: null });
  const isHopeless = verdict === 'too-slow' || verdict === 'does-not-fit';
  const free = estimate && freeBytes(estimate);
  const bytes = bytesOfEntry(entry);
  return (
    <>
      <p className={isHopeless ? 'field-error' : 'muted'}>
        {isHopeless && 'It will not run on this device. '}
        {reason}
      </p>
      {free !== null && free !== undefined && (
        <p className={free < bytes ? 'field-error' : 'muted'}>
          It takes about {formatBytes(bytes)} on this device; the browser gives this site {formatBytes(free)}{' '}
          more.
        </p>
      )}
    </>
  );
}
