import type {
  AirGapAnswer,
  CatalogueEntry,
  ConversationStore,
  EngineClient,
  SampleImage,
  SettingsStore,
} from '../client/index.ts';

/** Everything the page asks of the world below it. Tests hand in one that lives in memory. */
export interface Services {
  engine: EngineClient;
  conversations: ConversationStore;
  settings: SettingsStore;
  airGap: AirGapGate;
  loadCatalogue(): Promise<CatalogueEntry[]>;
  /** A sample image as if it had been picked. Rejects with 'network'. */
  fetchSample(sample: SampleImage): Promise<File>;
}

/** The service worker, as the gate between this page and the network. */
export interface AirGapGate {
  ask(): Promise<AirGapAnswer | 'unavailable'>;
  /** False where it could not be switched. */
  set(isOn: boolean): Promise<boolean>;
  /** Called when it is switched, in this tab or another one. */
  watch(listener: (isOn: boolean) => void): void;
}
