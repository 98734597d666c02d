import type {
  AirGapAnswer,
  CatalogueEntry,
  ConversationChannel,
  ConversationStore,
  DocumentReader,
  DraftRecords,
  EngineClient,
  EngineLock,
  FeatureStore,
  ImageReader,
  LibraryClient,
  ModelCard,
  ModelRecordStore,
  SampleImage,
  SettingsChannel,
  SettingsStore,
} from '../../client/index.ts';

/** Everything the page asks of the world below it. Tests hand in one that lives in memory. */
export interface Services {
  engine: EngineClient;
  /** Image files, for those who look at them. */
  images: ImageReader;
  /** Texts of the reader's own: PDF, plain text, HTML. */
  documents: DocumentReader;
  /** Files of models on this device. */
  library: LibraryClient;
  /** Models that the reader added. */
  records: ModelRecordStore;
  engineLock: EngineLock;
  conversations: ConversationStore;
  conversationNews: ConversationChannel;
  /** What was computed of images, beside their conversations. */
  imageFeatures: Pick<FeatureStore, 'summarize' | 'clear'>;
  draftRecords: DraftRecords;
  /** Whether no other tab has the page open. */
  isOnlyPage(): Promise<boolean>;
  settings: SettingsStore;
  settingsNews: SettingsChannel;
  airGap: AirGapGate;
  loadCatalogue(): Promise<CatalogueEntry[]>;
  /** What is known of a model. Rejects with 'network' or 'internal'. */
  loadCard(url: string): Promise<ModelCard>;
  /** A sample image as if it had been picked. Rejects with 'network'. */
  fetchSample(sample: SampleImage): Promise<File>;
  /** Lets models be fetched from these origins; false where the page has no say in it. */
  allowSources(origins: string[]): Promise<boolean>;
  /** Whether the browser has promised not to clear what is stored; null where it does not say. */
  isStoragePersistent(): Promise<boolean | null>;
  /** Asks for that promise. */
  persistStorage(): Promise<boolean | null>;
  /** Offers a file to be saved where the reader keeps files. */
  saveFile(blob: Blob, name: string): void;
  /** Before another attempt. */
  pause(ms: number): Promise<void>;
}

/** The service worker, as the gate between this page and the network. */
export interface AirGapGate {
  ask(): Promise<AirGapAnswer | 'unavailable'>;
  /** False where it could not be switched. */
  set(isOn: boolean): Promise<boolean>;
  /** `listener` is called when it is switched, in this tab or another one, `onControl` when a service worker comes that can be asked. */
  watch(listener: (isOn: boolean) => void, onControl: () => void): void;
}
