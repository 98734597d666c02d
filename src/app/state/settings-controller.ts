import { createStore, type StoreApi } from 'zustand/vanilla';
import { defaultSettings, type Settings, toErrorData } from '../../client/index.ts';
import type { Services } from '../services.ts';
import { applyTheme } from '../shell/apply-theme.ts';
import type { UiStore } from './ui-store.ts';

export interface SettingsState {
  settings: Settings;
  /** Until the stored ones are read, nothing is decided on the defaults. */
  isLoaded: boolean;
}

export type SettingsStateStore = StoreApi<SettingsState>;

export function createSettingsState(): SettingsStateStore {
  return createStore<SettingsState>(() => ({ settings: defaultSettings, isLoaded: false }));
}

export class SettingsController {
  readonly #services: Services;
  readonly #store: SettingsStateStore;
  readonly #ui: UiStore;

  constructor(services: Services, store: SettingsStateStore, ui: UiStore) {
    this.#services = services;
    this.#store = store;
    this.#ui = ui;
  }

  get current(): Settings {
    return this.#store.getState().settings;
  }

  async load(): Promise<void> {
    let settings = defaultSettings;
    try {
      settings = await this.#services.settings.loadSettings();
    } catch (error) {
      this.#ui.getState().showToast(toErrorData(error).message);
    }
    this.#store.setState({ settings, isLoaded: true });
    applyTheme(settings.theme);
  }

  /** Applies at once, to the next answer; storing it may fail without taking it back. */
  async update(changes: Partial<Settings>): Promise<void> {
    const settings = { ...this.current, ...changes };
    this.#store.setState({ settings });
    if (changes.theme) applyTheme(changes.theme);
    try {
      await this.#services.settings.saveSettings(changes);
    } catch (error) {
      this.#ui
        .getState()
        .showToast(`This change holds until the page is closed. ${toErrorData(error).message}`);
    }
  }

  /** What the reader acknowledged and which model was used stay, and so does the air gap: it is not opened in passing. */
  async reset(): Promise<void> {
    const { acknowledgedNotice, modelId, airGap } = this.current;
    await this.update({ ...defaultSettings, acknowledgedNotice, modelId, airGap });
  }
}
