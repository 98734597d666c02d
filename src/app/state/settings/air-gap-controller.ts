import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Services } from '../../services/services.ts';
import type { UiStore } from '../page/ui-store.ts';
import type { SettingsController } from './settings-controller.ts';

export interface AirGapState {
  /** 'unavailable' where no service worker controls this page: nobody could close the gap. */
  status: 'on' | 'off' | 'unavailable';
}

export type AirGapStore = StoreApi<AirGapState>;

export function createAirGapStore(): AirGapStore {
  return createStore<AirGapState>(() => ({ status: 'unavailable' }));
}

/** The service worker decides; the setting only remembers, for when the browser has dropped what it kept. */
export class AirGapController {
  readonly #services: Services;
  readonly #store: AirGapStore;
  readonly #settings: SettingsController;
  readonly #ui: UiStore;

  constructor(services: Services, store: AirGapStore, settings: SettingsController, ui: UiStore) {
    this.#services = services;
    this.#store = store;
    this.#settings = settings;
    this.#ui = ui;
  }

  /** Once the settings are loaded and the service worker controls the page. Settles before anything is fetched. */
  async start(): Promise<void> {
    const { airGap } = this.#services;
    // On a slow machine nobody controls the page yet.
    airGap.watch(
      isOn => this.#show(isOn),
      () => void this.#ask(),
    );
    await this.#ask();
  }

  async #ask(): Promise<void> {
    const answer = await this.#services.airGap.ask();
    if (answer === 'unavailable') return;
    if (answer === 'never-set' && this.#settings.current.airGap) return this.set(true);
    this.#show(answer === 'on');
  }

  async set(isOn: boolean): Promise<void> {
    if (await this.#services.airGap.set(isOn)) return this.#show(isOn);
    this.#ui.getState().showToast('The air gap could not be switched. Reload the page and try again.');
  }

  #show(isOn: boolean): void {
    this.#store.setState({ status: isOn ? 'on' : 'off' });
    if (this.#settings.current.airGap !== isOn) void this.#settings.update({ airGap: isOn });
  }
}
