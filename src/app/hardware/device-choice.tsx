import type { DeviceChoice as Choice } from '../../client/index.ts';
import { SegmentedChoice } from '../controls/segmented-choice.tsx';
import { deviceInWords } from '../format/device-in-words.ts';
import { useApp, useModel, useSettings } from '../state/app-context.tsx';
import { reportIn } from '../state/model/model-store.ts';
import { choiceNames } from './choice-names.ts';

const options = (Object.keys(choiceNames) as Choice[]).map(value => ({ value, label: choiceNames[value] }));

/** What computes the answers, as the reader wants it. */
export function DeviceChoice() {
  const { modelController } = useApp();
  const chosen = useSettings(state => state.settings.device);
  const report = useModel(reportIn);
  const now = report && `Now: ${deviceInWords(report)}. `;
  return (
    <SegmentedChoice
      legend="What computes the answers"
      name="device"
      options={options}
      value={chosen}
      onChange={device => void modelController.wishFor({ device })}
      hint={`${now ?? ''}“GPU, if any” takes the processor where there is none. Applies when a model is loaded.`}
    />
  );
}
