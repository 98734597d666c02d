import { SegmentedChoice } from '../controls/segmented-choice.tsx';
import { useApp, useChat, useModel, useSettings } from '../state/app-context.tsx';
import { samplingInForce } from '../state/model/sampling-in-force.ts';
import { SamplingFields } from './sampling-fields.tsx';

/** How words are chosen: in all conversations, or otherwise in the one that is shown. */
export function SamplingChoice() {
  const { chatController, settingsController } = useApp();
  const general = useSettings(state => state.settings.sampling);
  const own = useChat(state => state.tree.conversation.sampling);
  const ofPreset = useChat(state => state.tree.conversation.preset?.sampling);
  const entry = useModel(state => state.entry);
  const info = useModel(state => state.info);
  const inForce = samplingInForce(ofPreset ?? general, { entry, info });
  return (
    <>
      <SegmentedChoice
        legend="The choice of words holds for"
        name="sampling-scope"
        options={[
          { value: 'all', label: 'All conversations' },
          { value: 'this', label: 'This one' },
        ]}
        value={own ? 'this' : 'all'}
        hint={own ? 'It is kept with this conversation. “All conversations” takes it back.' : ''}
        onChange={scope => void chatController.chooseSampling(scope === 'this' ? inForce.settings : null)}
      />
      <SamplingFields
        chosen={own ?? general}
        onChange={sampling =>
          own ? void chatController.chooseSampling(sampling) : void settingsController.update({ sampling })
        }
      />
    </>
  );
}
