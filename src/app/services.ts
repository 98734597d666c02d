import type {
  CatalogueEntry,
  ConversationChannel,
  ConversationStore,
  EngineClient,
  EngineLock,
  SampleImage,
  SettingsStore,
} from '../client/index.ts';

/** Everything the page asks of the world below it. Tests hand in one that lives in memory. */
export interface Services {
  engine: EngineClient;
  engineLock: EngineLock;
  conversations: ConversationStore;
  conversationNews: ConversationChannel;
  settings: SettingsStore;
  loadCatalogue(): Promise<CatalogueEntry[]>;
  /** A sample image as if it had been picked. Rejects with 'network'. */
  fetchSample(sample: SampleImage): Promise<File>;
  /** Before another attempt. */
  pause(ms: number): Promise<void>;
}
