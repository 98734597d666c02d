import {
  allowModelSources,
  askAirGap,
  computedEntries,
  createConversationStore,
  createDocumentReader,
  createDraftRecords,
  createEngineClient,
  createEngineLock,
  createFeatureStore,
  createImageReader,
  createLibraryClient,
  createModelRecordStore,
  createSettingsStore,
  fetchSample,
  isOnlyPage,
  isStoragePersistent,
  listInstalledEntries,
  loadCatalogue,
  loadModelCard,
  openConversationChannel,
  openSettingsChannel,
  persistStorage,
  saveFile,
  setAirGap,
  watchAirGap,
} from '../../client/index.ts';
import type { Services } from './services.ts';

/** What this browser has: workers, storage, other tabs, the service worker. */
export function createBrowserServices(): Services {
  const library = createLibraryClient();
  const records = createModelRecordStore();
  return {
    engine: createEngineClient({ library }),
    images: createImageReader(),
    documents: createDocumentReader(),
    engineLock: createEngineLock(),
    conversations: createConversationStore(),
    imageFeatures: createFeatureStore(),
    conversationNews: openConversationChannel(),
    draftRecords: createDraftRecords(),
    isOnlyPage,
    settings: createSettingsStore(),
    settingsNews: openSettingsChannel(),
    airGap: { ask: askAirGap, set: setAirGap, watch: watchAirGap },
    async loadCatalogue() {
      const catalogue = computedEntries(await loadCatalogue());
      try {
        const added = [await records.listRecords(), await library.listFiles()] as const;
        return [...catalogue, ...listInstalledEntries(catalogue, ...added)];
      } catch {
        return catalogue; // Without storage nothing is installed.
      }
    },
    loadCard: url => loadModelCard(url),
    fetchSample: sample => fetchSample(sample),
    library,
    records,
    allowSources: allowModelSources(library),
    isStoragePersistent,
    persistStorage,
    saveFile,
    pause: ms => new Promise(resolve => setTimeout(resolve, ms)),
  };
}
