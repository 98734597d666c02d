import type { Precision, Theme } from '../../client/index.ts';
import { Modal } from '../controls/modal.tsx';
import { NumberField } from '../controls/number-field.tsx';
import { SegmentedChoice } from '../controls/segmented-choice.tsx';
import { contextBorderInWords } from '../format/memory-in-words.ts';
import { memoryNames } from '../format/memory-names.ts';
import { DeviceChoice } from '../hardware/device-choice.tsx';
import { ReloadChoice } from '../hardware/reload-choice.tsx';
import { RoundingChoice } from '../hardware/rounding-choice.tsx';
import { actions } from '../palette/actions.ts';
import { KeyList } from '../palette/key-list.tsx';
import { printConversation } from '../print/print-messages.ts';
import { ConversationFiles } from '../sharing/conversation-files.tsx';
import { useApp, useChat, useConversationList, useModel, useSettings } from '../state/app-context.tsx';
import { AirGapSwitch } from './air-gap-switch.tsx';
import { ContextChoice } from './context-choice.tsx';
import { ImageFields } from './image-fields.tsx';
import { PresetChoice } from './preset-choice.tsx';
import { RestChoice } from './rest-choice.tsx';
import { SamplingChoice } from './sampling-choice.tsx';
import { SpellingSwitch } from './spelling-switch.tsx';

const themes: { value: Theme; label: string }[] = [
  { value: 'system', label: 'System' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];

/** Every change holds from the next answer on and reloads nothing; what a load fixes waits for the next one. */
export function SettingsDialog({ onClose }: { onClose: () => void }) {
  const { settingsController, ui } = useApp();
  const settings = useSettings(state => state.settings);
  const conversations = useConversationList(state => state.conversations.length);
  const border = useModel(({ info }) => info && contextBorderInWords(info.plan));
  const hasMessages = useChat(state => state.tree.messages.length > 0);
  const update = settingsController.update.bind(settingsController);
  return (
    <Modal
      title="Settings"
      className="modal-wide"
      onClose={onClose}
      footer={
        <button type="button" className="button" onClick={() => void settingsController.reset()}>
          Reset to defaults
        </button>
      }
    >
      <section className="settings-section" aria-labelledby="settings-look">
        <h3 id="settings-look">Appearance</h3>
        <SegmentedChoice
          legend="Theme"
          name="theme"
          options={themes}
          value={settings.theme}
          onChange={theme => void update({ theme })}
        />
      </section>
      <section className="settings-section" aria-labelledby="settings-answers">
        <h3 id="settings-answers">Answers</h3>
        <PresetChoice />
        <SamplingChoice />
        <NumberField
          label="Answer limit"
          unit="tokens"
          hint="A token is about three quarters of a word."
          value={settings.maxTokens}
          min={16}
          max={4096}
          step={16}
          hasSlider
          onChange={maxTokens => void update({ maxTokens })}
        />
        <NumberField
          label="Thinking limit"
          unit="tokens"
          hint="Some models think before they answer. A thought that gets longer is ended, and the answer follows; it has the answer limit for itself."
          value={settings.thoughtTokens}
          min={64}
          max={8192}
          step={64}
          hasSlider
          onChange={thoughtTokens => void update({ thoughtTokens })}
        />
      </section>
      <section className="settings-section" aria-labelledby="settings-writing">
        <h3 id="settings-writing">Writing</h3>
        <SpellingSwitch isOn={settings.spellCheck} onChange={spellCheck => void update({ spellCheck })} />
      </section>
      <section className="settings-section" aria-labelledby="settings-images">
        <h3 id="settings-images">Images</h3>
        <ImageFields
          tiling={settings.tiling}
          compressImages={settings.compressImages}
          onChange={changes => void update(changes)}
        />
      </section>
      <section className="settings-section" aria-labelledby="settings-device">
        <h3 id="settings-device">This device</h3>
        <DeviceChoice />
        <RoundingChoice />
        <PrecisionChoice value={settings.precision} onChange={precision => void update({ precision })} />
        <ContextChoice
          value={settings.contextTokens}
          border={border}
          onChange={contextTokens => void update({ contextTokens })}
        />
        <ReloadChoice />
        <RestChoice minutes={settings.restMinutes} onChange={restMinutes => void update({ restMinutes })} />
        <AirGapSwitch />
        <button
          type="button"
          className="button"
          onClick={() => ui.getState().openDialog({ kind: 'hardware' })}
        >
          About this device, and a test…
        </button>
      </section>
      <section className="settings-section" aria-labelledby="settings-data">
        <h3 id="settings-data">Conversations</h3>
        <p className="muted">Kept in this browser with their images, unencrypted, until you delete them.</p>
        <button
          type="button"
          className="button"
          disabled={!hasMessages}
          onClick={() => void printConversation()}
        >
          Print this conversation…
        </button>
        <ConversationFiles count={conversations} />
        <button
          type="button"
          className="button button-danger"
          onClick={() => ui.getState().openDialog({ kind: 'delete-all' })}
        >
          Delete all conversations…
        </button>
      </section>
      <section className="settings-section" aria-labelledby="settings-keys">
        <h3 id="settings-keys">Keyboard</h3>
        <KeyList actions={actions} />
        <button
          type="button"
          className="button"
          onClick={() => ui.getState().openDialog({ kind: 'palette' })}
        >
          All actions…
        </button>
      </section>
      <section className="settings-section" aria-labelledby="settings-about">
        <h3 id="settings-about">About</h3>
        <p className="muted">
          Bedside, research software under the Apache License 2.0. Not a medical device; not for diagnosis or
          treatment. Each model has a licence of its own, shown in the model panel.
        </p>
      </section>
    </Modal>
  );
}

function PrecisionChoice({ value, onChange }: { value: Precision; onChange: (value: Precision) => void }) {
  return (
    <SegmentedChoice
      legend="Memory for the conversation"
      name="precision"
      options={[
        { value: 'f32', label: memoryNames.f32 },
        { value: 'f16', label: memoryNames.f16 },
        { value: 'q8', label: memoryNames.q8 },
        { value: 'q4', label: memoryNames.q4 },
      ]}
      value={value}
      onChange={onChange}
      hint="In 16 bit, half as large as exact, hardly anything of the conversation is lost; in 8 bit more is: an answer can then differ where two words were nearly equally likely. In 4 bit answers are less exact, for long conversations that fit in no other way: of ten answers of a small test model nine were other ones. Applies when a model is loaded."
    />
  );
}
