import { ErrorAlert } from '../errors/error-alert.tsx';
import { ChipIcon } from '../shell/icons.tsx';
import { useApp, useModel } from '../state/app-context.tsx';

/** What this device cannot do, said where the conversation would be. Nothing, where all is well. */
export function DevicePanel() {
  const { ui } = useApp();
  const device = useModel(state => state.device);
  if (device.status === 'failed') {
    return (
      <section className="device-panel" aria-label="This device">
        <ErrorAlert error={device.error} />
        <NoGpuHelp />
      </section>
    );
  }
  if (device.status === 'ready' && device.report.isSoftware) {
    return (
      <p className="device-note">
        <ChipIcon />
        <span>
          <strong>No GPU found.</strong> Answers are computed on the processor and will be slow. Enough for
          the demonstration; larger models are refused.{' '}
          <button
            type="button"
            className="text-button"
            onClick={() => ui.getState().openDialog({ kind: 'hardware' })}
          >
            More about this device
          </button>
        </span>
      </p>
    );
  }
  return null;
}

function NoGpuHelp() {
  const { modelController, ui } = useApp();
  return (
    <div className="device-help">
      <h2>What Bedside needs</h2>
      <ul>
        <li>
          A browser with WebGPU: Chrome or Edge 113, Safari 26 or Firefox 141, or newer, opened from an{' '}
          <code>https://</code> address or <code>localhost</code>.
        </li>
        <li>Hardware acceleration switched on in the browser’s settings, and a current graphics driver.</li>
        <li>
          In Chrome or Edge, the page <code>chrome://gpu</code> says whether WebGPU is available and why not.
        </li>
      </ul>
      <p>Your earlier conversations can still be read.</p>
      <button type="button" className="button" onClick={() => void modelController.start()}>
        Look again
      </button>
      <button type="button" className="button" onClick={() => ui.getState().openDialog({ kind: 'hardware' })}>
        More about this device
      </button>
    </div>
  );
}
