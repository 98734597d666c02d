import { browserFloor, webgpuFrom } from '../../client/index.ts';
import { ChipIcon } from '../controls/icons.tsx';
import { ErrorAlert } from '../errors/error-alert.tsx';
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
          A browser with WebGPU, opened from an <code>https://</code> address or <code>localhost</code>:
          Chrome or Edge {browserFloor.chrome} or newer, on Linux from {webgpuFrom.chromeOnLinux}. Firefox{' '}
          {webgpuFrom.firefoxOnWindows} or newer on Windows and {webgpuFrom.firefoxOnAppleSilicon} on Macs
          with Apple silicon, not on Intel Macs or Linux. Safari {webgpuFrom.safari} is said to have it;
          Bedside was never tried there.
        </li>
        <li>Hardware acceleration switched on in the browser’s settings, and a current graphics driver.</li>
        <li>
          In Chrome or Edge, the page <code>chrome://gpu</code> says whether WebGPU is available and why not;
          in Firefox it is <code>about:support</code>.
        </li>
      </ul>
      <h2>What works without it</h2>
      <p>
        Everything but answering: conversations that are kept here can be read, copied, renamed and deleted,
        images looked at, and models fetched, checked and exported for another machine.
      </p>
      <button type="button" className="button" onClick={() => void modelController.start()}>
        Look again
      </button>
      <button type="button" className="button" onClick={() => ui.getState().openDialog({ kind: 'hardware' })}>
        More about this device
      </button>
    </div>
  );
}
