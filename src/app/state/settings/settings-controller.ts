import { createStore, type StoreApi } from 'zustand/vanilla';
import {
  type AskedAs,
  BedsideError,
  type DeviceWish,
  defaultSettings,
  lacksAcceptance,
  type Settings,
  sentence,
  type TermsOfUse,
  type TermsSubject,
  withAcceptedSlow,
  withAcceptedTerms,
  withAskedAs,
} from '../../../client/index.ts';
import type { Services } from '../../services/services.ts';
import type { StorageDebts } from '../saving/storage-debts.ts';
import { applyTheme } from './apply-theme.ts';

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
  readonly #debts: StorageDebts;
  /** What could not be stored yet; it holds all the same. */
  #unsaved: Partial<Settings> = {};
  /** Settles when the latest change is stored, or could not be. */
  #saved: Promise<void> = Promise.resolve();

  constructor(services: Services, store: SettingsStateStore, debts: StorageDebts) {
    this.#services = services;
    this.#store = store;
    this.#debts = debts;
    services.settingsNews.listen(() => void this.#readAgain());
  }

  get current(): Settings {
    return this.#store.getState().settings;
  }

  /** What is wished of the device that computes. */
  get wish(): DeviceWish {
    const { device, activationBits } = this.current;
    return { device, activationBits };
  }

  async load(): Promise<void> {
    await this.#debts.attempt('settings/read', () => this.#read(), true);
    this.#store.setState({ isLoaded: true });
  }

  /** Applies at once, to the next answer; storing it may fail without taking it back. */
  async update(changes: Partial<Settings>): Promise<void> {
    this.#store.setState({ settings: { ...this.current, ...changes } });
    if (changes.theme) applyTheme(changes.theme);
    this.#saved = this.#save(changes);
    await this.#saved;
  }

  /** How a model is asked from its next question on; nothing chosen leaves it to its file or the catalogue. */
  askAs(entryId: string, chosen: AskedAs): Promise<void> {
    return this.update({ askedAs: withAskedAs(this.current.askedAs, entryId, chosen) });
  }

  /** A model that answers slowly on this device is wanted all the same, from now on. */
  acceptSlow(entryId: string): Promise<void> {
    return this.update({ acceptedSlow: withAcceptedSlow(this.current.acceptedSlow, entryId) });
  }

  /** Recorded with its version and the time, for every model under them. */
  acceptTerms({ id, version }: TermsOfUse): Promise<void> {
    const acceptance = { id, version, at: Date.now() };
    return this.update({ acceptedTerms: withAcceptedTerms(this.current.acceptedTerms, acceptance) });
  }

  /** Of terms that no model may be fetched or opened under before they are accepted. @throws BedsideError `invalid-request` */
  requireTerms(subject: TermsSubject): void {
    const terms = lacksAcceptance(subject, this.current.acceptedTerms);
    if (!terms) return;
    throw new BedsideError(
      'invalid-request',
      sentence`terms-not-accepted: ${{ model: subject.name }} is under the ${{ terms: terms.name }}, which you have not accepted.`,
      'Read and accept them among the models, at a card of a model that is under them, then try again.',
    );
  }

  async #save(changes: Partial<Settings>): Promise<void> {
    const { settings, settingsNews } = this.#services;
    this.#unsaved = { ...this.#unsaved, ...changes };
    await this.#debts.attempt(
      'settings',
      async () => {
        const unsaved = this.#unsaved;
        await settings.saveSettings(unsaved);
        // What was changed meanwhile is stored by its own attempt.
        if (this.#unsaved === unsaved) this.#unsaved = {};
        settingsNews.tell();
      },
      true,
    );
  }

  async #read(): Promise<void> {
    const settings = { ...(await this.#services.settings.loadSettings()), ...this.#unsaved };
    this.#store.setState({ settings });
    applyTheme(settings.theme);
  }

  /** Another tab has changed something. What is changed here meanwhile is waited for: it is not in the store yet. */
  async #readAgain(): Promise<void> {
    let saved: Promise<void>;
    let settings: Settings;
    try {
      do {
        saved = this.#saved;
        await saved;
        settings = await this.#services.settings.loadSettings();
      } while (saved !== this.#saved);
    } catch {
      return; // The settings of this tab go on as they are.
    }
    settings = { ...settings, ...this.#unsaved };
    this.#store.setState({ settings });
    applyTheme(settings.theme);
  }

  /**
   * What the reader acknowledged, accepted and made, which model was used and how each is asked stay, and so does the air gap: it is
   * not opened in passing.
   */
  async reset(): Promise<void> {
    const {
      acknowledgedNotice,
      modelId,
      airGap,
      askedAs,
      acceptedSlow,
      acceptedTerms,
      ownTemplates,
      ownPresets,
    } = this.current;
    const kept = {
      acknowledgedNotice,
      modelId,
      airGap,
      askedAs,
      acceptedSlow,
      acceptedTerms,
      ownTemplates,
      ownPresets,
    };
    await this.update({ ...defaultSettings, ...kept });
  }
}
