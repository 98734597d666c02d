/** All that the page may use of the rooms below it. */
export { BedsideError, type ErrorCode, type ErrorData, errorCodes, toErrorData } from '../engine/errors.ts';
export {
  type BegunAnswer,
  type ChatMessage,
  type DeviceReport,
  defaultTiling,
  type Grid,
  greedySampling,
  type ImageUse,
  type LargestPiece,
  type LoadPhase,
  type LoadProgress,
  type MemoryPlan,
  type ModelInfo,
  type ModelPlan,
  type Precision,
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
export { describeBytes } from '../storage/byte-size.ts';
export type {
  Conversation,
  Message,
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
export { estimateStorage, type StorageEstimate } from '../storage/database.ts';
export type { StoredImage } from '../storage/images.ts';
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
export type {
  GenerateOutcome,
  ImageInput,
  ImageReport,
  ModelSource,
  PlanModelRequest,
  VisionProgress,
} from '../worker/protocol.ts';
export {
  type Catalogue,
  type CatalogueEntry,
  type CatalogueFile,
  loadCatalogue,
  type SampleImage,
} from './catalogue.ts';
export {
  type ConversationChannel,
  type ConversationNews,
  openConversationChannel,
} from './conversation-news.ts';
export {
  createEngineClient,
  type EngineClient,
  type GenerateCall,
  type LoadModelCall,
} from './engine-client.ts';
export { createEngineLock, type EngineLock } from './engine-lock.ts';
export { fetchSample } from './fetch-sample.ts';
export { type ImagePlan, planImage } from './plan-image.ts';
export { registerServiceWorker, type ServiceWorkerState } from './service-worker.ts';
