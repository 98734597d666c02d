import { aboutPace, type ErrorData, quickerEntry } from '../../client/index.ts';
import { useApp, useModel } from '../state/app-context.tsx';
import { seesImages } from '../state/model/choose-answerer.ts';

/** In place of a model that is too slow for this device, one of the list that is not; nothing where there is none. */
export function QuickerModel({ error: { values } }: { error: ErrorData }) {
  const { modelController } = useApp();
  const device = useModel(state => state.device);
  const catalogue = useModel(state => state.catalogue);
  const refused = useModel(state => state.refused);
  const onDutyId = useModel(state => (state.phase === 'ready' ? state.entry?.id : undefined));
  if (device.status !== 'ready' || !refused || typeof values.pace !== 'number') return null;
  const slow = { tokenSeconds: values.pace, seesImages: seesImages(refused) };
  const quicker = quickerEntry(slow, device.report, catalogue);
  if (!quicker) return null;
  const { entry, tokenSeconds } = quicker;
  return (
    <>
      <p>
        A model for this device: {entry.name}, with {aboutPace(tokenSeconds)}.
      </p>
      {entry.file && entry.id !== onDutyId && (
        <div className="alert-actions">
          <button type="button" className="button" onClick={() => void modelController.load(entry)}>
            Use {entry.name}
          </button>
        </div>
      )}
    </>
  );
}
