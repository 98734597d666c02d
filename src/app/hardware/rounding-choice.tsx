import { type ActivationBits, activationBits } from '../../client/index.ts';
import { SegmentedChoice } from '../controls/segmented-choice.tsx';
import { useApp, useModel, useSettings } from '../state/app-context.tsx';
import { reportIn } from '../state/model/model-store.ts';
import { roundingNames } from './choice-names.ts';

/** How exactly a processor computes. Nothing where none does. */
export function RoundingChoice() {
  const { modelController } = useApp();
  const bits = useSettings(state => state.settings.activationBits);
  const isWished = useSettings(state => state.settings.device === 'processor');
  const processor = useModel(state => reportIn(state)?.processor);
  if (!isWished && !processor) return null;
  // Without relaxed SIMD 8 bits are no faster than 16, and less exact.
  const isEightUseful = bits === 8 || processor?.hasRelaxedSimd !== false;
  const offered = activationBits.filter(each => each !== 8 || isEightUseful);
  const options = offered.map(each => ({ value: String(each), label: roundingNames[each] }));
  return (
    <SegmentedChoice
      legend="How exactly the processor computes"
      name="rounding"
      options={options}
      value={String(bits)}
      onChange={value => void modelController.wishFor({ activationBits: Number(value) as ActivationBits })}
      hint="The model’s weights stay as they are. Rounded, what is multiplied with them loses its last digits: very little with 16 bits, much more with 8. An answer can then differ where two words were nearly equally likely: of ten answers of three test models none or one did with 16 bits, and up to five with 8. Each answer says how it was computed. Applies when a model is loaded."
    />
  );
}
