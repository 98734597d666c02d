import { useState } from 'react';
import type { CatalogueEntry } from '../../client/index.ts';
import { Modal } from '../controls/modal.tsx';
import { useApp, useModel } from '../state/app-context.tsx';
import { nameOf, type PickedFile } from '../state/model/picked-model.ts';
import { AddModel, type WantedModel } from './add-model.tsx';
import { LibrarySection } from './library-section.tsx';
import { ModelCard } from './model-card.tsx';
import { ModelFacts } from './model-facts.tsx';

/** Choose a model, open one's own file, see what is loaded and what is stored. */
export function ModelDialog({ onClose }: { onClose: () => void }) {
  const { chatController, modelController, library, ui } = useApp();
  const catalogue = useModel(state => state.catalogue);
  const dropped = useModel(state => state.dropped);
  // One that was brought for an image can still be chosen for everything.
  const currentId = useModel(({ entry, meant }) => (entry?.id === meant?.entry.id ? entry?.id : undefined));
  const phase = useModel(state => state.phase);
  const canAnswer = useModel(state => state.device.status !== 'failed');
  const [wanted, setWanted] = useState<WantedModel | null>(null);
  // Who added models wants those. Settled when the dialog opens: nothing jumps when the first one is added.
  const [hadOwn] = useState(library.getState().records.length > 0);
  const isLibraryFirst = hadOwn && !dropped;
  const choices = dropped
    ? catalogue.filter(({ kind, vision }) => kind === 'bring-your-own' && (!dropped.visionFile || vision))
    : catalogue.filter(({ kind }) => kind !== 'installed');
  const use = (entry: CatalogueEntry, file?: PickedFile, visionFile?: PickedFile) => {
    onClose();
    // An answer that is being written ends here, kept as it is: one GPU, one model.
    chatController.stop();
    void modelController.load(entry, file, visionFile);
  };
  const librarySection = <LibrarySection onUse={entry => use(entry)} />;
  return (
    <Modal title="Models" className="modal-wide" onClose={onClose}>
      {dropped ? (
        <p className="dropped">
          Which kind of model is <strong dir="auto">{nameOf(dropped.file)}</strong>
          {dropped.visionFile && (
            <>
              {' '}
              with <strong dir="auto">{nameOf(dropped.visionFile)}</strong>
            </>
          )}
          ? The choice decides how the question is put to it.
        </p>
      ) : (
        <p className="muted">
          {canAnswer
            ? 'Models run on this device.'
            : 'No model runs in this browser, but models can be kept here.'}{' '}
          Bedside brings small demonstrations; larger ones you open from a file, which is read in place, or
          add to this device below.{' '}
          <button
            type="button"
            className="text-button"
            onClick={() => ui.getState().openDialog({ kind: 'hardware' })}
          >
            Which of them run on this device?
          </button>
        </p>
      )}
      {isLibraryFirst && librarySection}
      <ul className="model-cards">
        {choices.map(entry => (
          <li key={entry.id}>
            <ModelCard
              entry={entry}
              isCurrent={entry.id === currentId && phase === 'ready'}
              onChoose={(file, visionFile) => use(entry, file, visionFile)}
              onKeep={() => setWanted({ kindId: entry.id, isFromCard: true })}
              dropped={dropped}
            />
          </li>
        ))}
      </ul>
      {!isLibraryFirst && librarySection}
      <AddModel wanted={wanted} onWant={setWanted} />
      <ModelFacts />
    </Modal>
  );
}
