import { browserFloor, webgpuFrom } from '../../client/index.ts';
import { ErrorAlert } from '../errors/error-alert.tsx';
import { useApp, useModel, useSettings } from '../state/app-context.tsx';

/** Where nothing on this device can compute: why, and what helps. Nothing, where all is well. */
export function DevicePanel() {
  const device = useModel(state => state.device);
  if (device.status !== 'failed') return null;
  return (
    <section className="device-panel" aria-label="This device">
      <ErrorAlert error={device.error} />
      <NoDeviceHelp />
    </section>
  );
}

function NoDeviceHelp() {
  const { modelController, ui } = useApp();
  const isGpuChosen = useSettings(state => state.settings.device === 'gpu');
  return (
    <div className="device-help">
      {isGpuChosen && (
        <>
          <p>You chose that the GPU answers. The processor of this device may do instead.</p>
          <button
            type="button"
            className="button button-primary"
            onClick={() => void modelController.wishFor({ device: 'auto' })}
          >
            Let the processor answer
          </button>
        </>
      )}
      <h2>What Bedside needs</h2>
      <ul>
        <li>
          A browser in which a page may compute on the processor, opened from an <code>https://</code> address
          or <code>localhost</code>: Chrome or Edge {browserFloor.chrome}, Firefox {browserFloor.firefox} or
          Safari {browserFloor.safari}, or newer. On some hosts it may only from the second visit on: reload
          the page once.
        </li>
        <li>
          Faster is a GPU, through WebGPU: Chrome or Edge {browserFloor.chrome} or newer, on Linux from{' '}
          {webgpuFrom.chromeOnLinux}. Firefox {webgpuFrom.firefoxOnWindows} or newer on Windows and{' '}
          {webgpuFrom.firefoxOnAppleSilicon} on Macs with Apple silicon, not on Intel Macs or Linux. Safari{' '}
          {webgpuFrom.safari} is said to have it; Bedside was never tried there. With hardware acceleration
          switched on in the browser’s settings, and a current graphics driver; <code>chrome://gpu</code> in
          Chrome or Edge and <code>about:support</code> in Firefox say why there is none.
        </li>
      </ul>
      <h2>What works without either</h2>
      <p>
        Everything but answering: conversations that are kept here can be read, copied, renamed and deleted,
        images looked at, and models fetched, checked and exported for another machine.
      </p>
      <div className="button-row">
        <button type="button" className="button" onClick={() => void modelController.start()}>
          Look again
        </button>
        <button
          type="button"
          className="button"
          onClick={() => ui.getState().openDialog({ kind: 'hardware' })}
        >
          More about this device
        </button>
      </div>
    </div>
  );
}
