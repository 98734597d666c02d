import { useId } from 'react';
import { useAirGap, useApp } from '../state/app-context.tsx';

/** Off, the page asks its own site for files and, when told to, other sites for models; on, nobody for anything. */
export function AirGapSwitch() {
  const id = useId();
  const { airGapController } = useApp();
  const status = useAirGap(state => state.status);
  return (
    <div className="check-field">
      <input
        id={id}
        type="checkbox"
        checked={status === 'on'}
        disabled={status === 'unavailable'}
        aria-describedby={`${id}-hint`}
        onChange={event => void airGapController.set(event.currentTarget.checked)}
      />
      <label htmlFor={id}>Air gap</label>
      <p className="muted" id={`${id}-hint`}>
        {status === 'unavailable'
          ? 'Not available here: this browser has not stored the application, so it cannot cut it off. Reload the page; private windows and addresses without https do not offer it.'
          : 'While it is on, Bedside asks no server for anything, not even the one that it came from. It works with what is stored on this device: models that are not stored cannot be fetched, and no new version is installed. It stays on until it is switched off here.'}
      </p>
    </div>
  );
}
