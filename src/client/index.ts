/** All that the page may use of the rooms below it. */
export { browserFloor, webgpuFrom } from '../engine/browsers.ts';
export { modelFolderName } from '../engine/convert/model-folder-name.ts';
export { BedsideError, type ErrorCode, type ErrorData, errorCodes, toErrorData } from '../engine/errors.ts';
export { readShardName, shardName } from '../engine/formats/shard-name.ts';
export { mostSoftwareModelBytes as softwareModelLimitBytes } from '../engine/loading/software-limit.ts';
export {
  formatBytes,
  formatCount,
  formatDuration,
  formatParameters,
  formatSpeed,
  plural,
} from '../engine/quantities.ts';
export { inBytes, type Sentence, sentence, written } from '../engine/sentence.ts';
export {
  type AdapterDetails,
  type BegunAnswer,
  type ChatMessage,
  type DeviceReport,
  type DeviceTestReport,
  type DeviceTestScope,
  defaultTiling,
  type Grid,
  greedySampling,
  type ImageUse,
  type KernelRow,
  type LargestPiece,
  type LoadChoice,
  type LoadPhase,
  type LoadProgress,
  type MemoryPlan,
  type ModelInfo,
  type ModelPlan,
  type Precision,
  type QuestionMeasure,
  type QuestionText,
  type SamplingSettings,
  type StopReason,
  type TemplateId,
  type TilingMode,
  type TilingPreset,
  type TilingSettings,
  type Usage,
  type VisionInfo,
  type VisionUse,
} from '../engine/types.ts';
export type {
  Conversation,
  Message,
  ModelKind,
} from '../storage/conversation-records.ts';
export { titleFrom } from '../storage/conversation-title.ts';
export {
  addMessage,
  type ConversationTree,
  createConversation,
  findMessage,
  mergeIndex,
  mergeTrees,
  newestLeaf,
  pathTo,
  replaceMessage,
  siblings,
  switchBranch,
} from '../storage/conversation-tree.ts';
export {
  type ConversationStore,
  createConversationStore,
  type DeletedConversation,
} from '../storage/conversations.ts';
export { estimateStorage, freeBytes, type StorageEstimate } from '../storage/database.ts';
export {
  createDraftRecords,
  type DraftContent,
  type DraftImage,
  type DraftRecords,
  isEmptyContent,
  mergeDrafts,
  type SaveDraft,
  type StoredDraft,
} from '../storage/drafts.ts';
export type { StoredImage } from '../storage/images.ts';
export {
  type CheckpointRecord,
  createModelRecordStore,
  type ModelFileRecord,
  type ModelRecord,
  type ModelRecordStore,
} from '../storage/model-records.ts';
export { newId } from '../storage/random-id.ts';
export {
  createSettingsStore,
  defaultSettings,
  type Settings,
  type SettingsStore,
  type Theme,
  tilingModes,
  tilingPresets,
} from '../storage/settings.ts';
export type { MessageImage } from '../storage/vision-records.ts';
export type { AirGapAnswer } from '../sw/messages.ts';
export type {
  ConvertRequest,
  DownloadNotice,
  HubFile,
  HubRepository,
  LibraryPhase,
  RemoteFile,
  StoredFile,
} from '../worker/library/protocol.ts';
export type {
  DeviceTestProgress,
  GenerateOutcome,
  ImageInput,
  ImageReport,
  InspectedImage,
  ModelSource,
  PlanModelRequest,
  UrlSource,
  VisionProgress,
} from '../worker/protocol.ts';
export { allowModelSources } from './allow-sources.ts';
export {
  type Catalogue,
  type CatalogueEntry,
  type CatalogueFile,
  loadCatalogue,
  type Publisher,
  type SampleImage,
  type StoredSource,
} from './catalogue.ts';
export {
  type ChangedConversation,
  type ConversationChannel,
  type ConversationNews,
  openConversationChannel,
} from './conversation-news.ts';
export {
  createEngineClient,
  type EngineClient,
  type GenerateCall,
  type LoadModelCall,
  type TestDeviceCall,
} from './engine-client.ts';
export { createEngineLock, type EngineLock } from './engine-lock.ts';
export { bytesOfEntry, filesOfEntry } from './entry-files.ts';
export { fetchSample } from './fetch-sample.ts';
export { type HubAddress, hubFileUrl, readHubAddress } from './hub-address.ts';
export { listInstalledEntries } from './installed-entries.ts';
export {
  createLibraryClient,
  type ExportedFile,
  type LibraryCall,
  type LibraryClient,
} from './library-client.ts';
export { loadModelCard, type ModelCard } from './model-card.ts';
export {
  type DescribedFile,
  descriptionSuffix,
  type ModelDescription,
  readDescription,
  writeDescription,
} from './model-description.ts';
export { askAirGap, setAirGap, setModelSources, watchAirGap } from './network-rules.ts';
export { isOnlyPage } from './page-lock.ts';
export { isStoragePersistent, persistStorage } from './persistence.ts';
export { type ImagePlan, planImage } from './plan-image.ts';
export { saveFile } from './save-file.ts';
export { registerServiceWorker, type ServiceWorkerState } from './service-worker.ts';
export { openSettingsChannel, type SettingsChannel } from './settings-news.ts';
