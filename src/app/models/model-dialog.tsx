import { useState } from 'react';
import type { CatalogueEntry } from '../../client/index.ts';
import { Modal } from '../controls/modal.tsx';
import { useKeptFocus } from '../controls/use-kept-focus.ts';
import { useApp, useModel, useOffer } from '../state/app-context.tsx';
import { LibrarySection } from './library-section.tsx';
import { LoadedModel } from './loaded-model.tsx';
import { ModelCard } from './model-card.tsx';
import { ModelFacts } from './model-facts.tsx';
import { OfferedModel } from './offered-model.tsx';
import { OwnFileSection, type WantedCheckpoint } from './own-file-section.tsx';

/** Where an offer that was put away leaves focus: at the way to another one. */
const toOpenButton = (_: HTMLElement, region: HTMLElement) => () =>
  region.querySelector<HTMLElement>('.own-file > .button');

/** Choose a model, open one's own file, see what is loaded and what is stored. */
export function ModelDialog({ onClose }: { onClose: () => void }) {
  const { chatController, modelController, offerController, library } = useApp();
  const catalogue = useModel(state => state.catalogue);
  const offer = useOffer();
  // One that was brought for an image can still be chosen for everything.
  const currentId = useModel(({ entry, meant }) => (entry?.id === meant?.entry.id ? entry?.id : undefined));
  const phase = useModel(state => state.phase);
  const canAnswer = useModel(state => state.device.status !== 'failed');
  const [wanted, setWanted] = useState<WantedCheckpoint | null>(null);
  // Who added models wants those. Settled when the dialog opens: nothing jumps when the first one is added.
  const [hadOwn] = useState(library.getState().records.length > 0);
  const kept = useKeptFocus<HTMLDivElement>(toOpenButton);
  const begin = (load: () => Promise<void>) => {
    onClose();
    // An answer that is being written ends here, kept as it is: one GPU, one model.
    chatController.stop();
    void load();
  };
  const use = (entry: CatalogueEntry) => begin(() => modelController.load(entry));
  const librarySection = <LibrarySection onUse={use} />;
  return (
    <Modal title="Models" className="modal-wide" onClose={onClose}>
      <div {...kept} className="own-models">
        {offer && (
          <OfferedModel
            offer={offer}
            onUse={(described, template) => begin(() => offerController.use(described, template))}
            onKeep={(described, template) => void offerController.keep(described, template)}
            onKeepUnseen={() => void offerController.keepUnseen()}
            onDismiss={() => offerController.dismiss()}
          />
        )}
        <LoadedModel canAnswer={canAnswer} />
        <OwnFileSection wanted={wanted} />
      </div>
      {hadOwn && librarySection}
      <ul className="model-cards">
        {catalogue
          .filter(({ kind }) => kind === 'demonstration' || kind === 'bring-your-own')
          .map(entry => (
            <li key={entry.id}>
              <ModelCard
                entry={entry}
                isCurrent={entry.id === currentId && phase === 'ready'}
                onUse={() => use(entry)}
                onConvert={() => setWanted({ entry })}
              />
            </li>
          ))}
      </ul>
      {!hadOwn && librarySection}
      <ModelFacts />
    </Modal>
  );
}
