import { aboutPace } from '../../client/index.ts';
import { ChipIcon, CloseIcon } from '../controls/icons.tsx';
import { oneThreadInWords, withoutGpuInWords } from '../format/device-in-words.ts';
import { paceInWords } from '../format/pace-in-words.ts';
import { useApp, useModel, useSettings } from '../state/app-context.tsx';
import { reportIn } from '../state/model/model-store.ts';

/** Before the first question, where no GPU answers: what does, and how fast. Closed, it comes back only where it says something else. */
export function DeviceNote() {
  const { settingsController, ui } = useApp();
  const report = useModel(reportIn);
  const plan = useModel(({ info }) => info?.plan ?? null);
  const measured = useModel(state => state.tokensPerSecond);
  const choice = useSettings(state => state.settings.device);
  const closed = useSettings(state => state.settings.closedDeviceNote);
  if (!report) return null;
  const isChosen = choice === report.kind;
  // What the last answer took is better than an estimate.
  const estimate = plan && paceInWords(report, plan);
  const pace = measured === null ? estimate : aboutPace(1 / measured);
  const words = withoutGpuInWords(report, { isChosen, pace });
  const about = [report.kind, isChosen && 'chosen', report.processor?.oneThreadBecause]
    .filter(Boolean)
    .join(' ');
  if (!words || closed === about) return null;
  const hindrance = oneThreadInWords(report);
  return (
    <section className="device-note" aria-label="What answers here">
      <ChipIcon />
      <p>
        {words} {hindrance && `${hindrance} `}
        <button
          type="button"
          className="text-button"
          onClick={() => ui.getState().openDialog({ kind: 'hardware' })}
        >
          About this device
        </button>
      </p>
      <button
        type="button"
        className="icon-button"
        aria-label="Do not show this again"
        title="Do not show this again"
        onClick={() => void settingsController.update({ closedDeviceNote: about })}
      >
        <CloseIcon size={16} />
      </button>
    </section>
  );
}
