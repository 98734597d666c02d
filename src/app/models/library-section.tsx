import { useEffect, useMemo, useRef } from 'react';
import type { CatalogueEntry } from '../../client/index.ts';
import { useKeptFocus } from '../controls/use-kept-focus.ts';
import { useApp, useLibrary, useModel } from '../state/app-context.tsx';
import { listLibraryModels } from '../state/library/library-store.ts';
import { LibraryModel } from './library-model.tsx';
import { StorageSummary } from './storage-summary.tsx';

/** What is focused when `control` vanishes: the same part of its row, else the row that takes its place, else the heading. */
function afterControl(control: HTMLElement, section: HTMLElement): () => HTMLElement | null | undefined {
  const row = control.closest<HTMLElement>('.library-model');
  const rows = () => [...section.querySelectorAll<HTMLElement>('.library-model')];
  const place = row ? rows().indexOf(row) : -1;
  const part = control.closest('.library-delete') ? '.library-delete' : '.library-actions';
  return () => {
    const heading = section.querySelector<HTMLElement>('h3');
    if (!row) return heading;
    if (!row.isConnected) return firstButton(rows()[place] ?? rows()[place - 1]) ?? heading;
    return part === '.library-delete' ? lastButton(row.querySelector(part)) : firstButton(row);
  };
}

const buttons = (within: Element | null | undefined) => [
  ...(within?.querySelectorAll<HTMLElement>('button:enabled') ?? []),
];
const firstButton = (within: Element | null | undefined) => buttons(within)[0];
const lastButton = (within: Element | null | undefined) => buttons(within).at(-1);

/** What is kept on this device, so that the next start needs no network. */
export function LibrarySection({ onUse }: { onUse: (entry: CatalogueEntry) => void }) {
  const { library, libraryController } = useApp();
  const list = useRef<HTMLUListElement>(null);
  const addedId = useLibrary(state => state.addedId);
  const catalogue = useModel(state => state.catalogue);
  const records = useLibrary(state => state.records);
  const files = useLibrary(state => state.files);
  const models = useMemo(() => listLibraryModels(catalogue, { records, files }), [catalogue, records, files]);
  const kept = useKeptFocus<HTMLElement>(afterControl);
  useEffect(() => {
    void libraryController.refresh();
  }, [libraryController]);
  // What was just added begins far from where it was asked for.
  useEffect(() => {
    const row = list.current?.children[models.findIndex(({ id }) => id === addedId)];
    if (!(row instanceof HTMLElement)) return;
    library.setState({ addedId: null });
    row.scrollIntoView({ block: 'center' });
    // Its buttons change with what is being done: the row is what stays.
    row.tabIndex = -1;
    row.focus({ preventScroll: true });
  }, [addedId, library, models]);
  return (
    <section {...kept} className="stored" aria-labelledby="stored-title">
      <h3 id="stored-title" tabIndex={-1}>
        Kept on this device
      </h3>
      {models.length === 0 && <p className="muted">No model is stored.</p>}
      <ul ref={list}>
        {models.map(model => (
          <LibraryModel
            key={model.id}
            model={model}
            onUse={() => {
              const entry = catalogue.find(({ id }) => id === model.id);
              if (entry) onUse(entry);
            }}
          />
        ))}
      </ul>
      <StorageSummary />
    </section>
  );
}
