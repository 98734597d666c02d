import type { Theme } from '../../client/index.ts';
import { toastKey } from '../input/toast-key.ts';
import type { App } from '../state/create-app.ts';
import type { Dialog } from '../state/page/ui-store.ts';
import type { Action } from './action.ts';

const opening =
  (kind: 'palette' | 'keys' | 'settings' | 'presets' | 'models' | 'asking' | 'hardware'): Action['run'] =>
  ({ ui }) =>
    ui.getState().openDialog({ kind } satisfies Dialog);

const theme = (value: Theme, name: string): Action => ({
  id: `theme-${value}`,
  name,
  words: 'colours appearance look mode',
  whyNot: ({ settings }) =>
    settings.getState().settings.theme === value ? 'It is what is shown already.' : null,
  run: ({ settingsController }: App) => void settingsController.update({ theme: value }),
});

export const modelActions: readonly Action[] = [
  {
    id: 'models',
    name: 'Choose a model…',
    words: 'open load file library download gguf',
    run: opening('models'),
  },
  {
    id: 'asking',
    name: 'How the model is asked…',
    words: 'prompt template system thinking',
    whyNot: ({ models }) => (models.getState().entry ? null : 'No model is loaded.'),
    run: opening('asking'),
  },
  {
    id: 'presets',
    name: 'Presets…',
    words: 'sampling temperature greedy answer length role thinking',
    run: opening('presets'),
  },
  {
    id: 'hardware',
    name: 'About this device, and a test…',
    words: 'hardware gpu processor kernels self-test speed',
    run: opening('hardware'),
  },
];

export const pageActions: readonly Action[] = [
  {
    id: 'palette',
    name: 'All actions…',
    words: 'palette commands',
    keys: { key: 'k', isCtrl: true },
    isKeyOnly: true,
    run: opening('palette'),
  },
  {
    id: 'keys',
    name: 'Keys…',
    words: 'keyboard shortcuts help',
    keys: { key: '/', isCtrl: true },
    run: opening('keys'),
  },
  { id: 'settings', name: 'Settings…', words: 'options preferences', run: opening('settings') },
  theme('light', 'Light colours'),
  theme('dark', 'Dark colours'),
  theme('system', 'Colours of the system'),
  {
    id: 'sample-study',
    name: 'Open the sample study',
    words: 'reading room dicom synthetic image example',
    run: app => void app.openSampleStudy(),
  },
  {
    id: 'to-notification',
    name: 'Go to the newest notification',
    words: 'toast undo message',
    keys: { key: toastKey },
    heardBy: 'everywhere, while one is shown',
    isKeyOnly: true,
    run: () => undefined,
  },
];
