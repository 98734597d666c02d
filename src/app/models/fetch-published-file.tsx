import { useState } from 'react';
import type { CatalogueEntry, ErrorData } from '../../client/index.ts';
import { formatBytes } from '../format/quantities.ts';
import { useApp, useLibrary } from '../state/app-context.tsx';
import { AdditionError } from './adding/addition-error.tsx';

/** Fetches the file that a model is published as into the library, where it is complete only with the catalogue's hash. */
export function FetchPublishedFile({ entry }: { entry: CatalogueEntry }) {
  const { libraryAdditions } = useApp();
  const [error, setError] = useState<ErrorData | null>(null);
  const file = entry.publisher?.file;
  const isKept = useLibrary(({ records }) => records.some(({ text }) => text[0]?.sha256 === file?.sha256));
  if (!file || isKept) return null;
  const fetchIt = async () =>
    setError(await libraryAdditions.addByAddress({ entry, url: file.url, sha256: file.sha256 }));
  return (
    <>
      <button type="button" className="button" onClick={() => void fetchIt()}>
        Fetch it ({formatBytes(file.bytes)})
      </button>
      <span className="muted">From {new URL(file.url).host}, compared with its known SHA-256.</span>
      <AdditionError error={error} />
    </>
  );
}
