/** All that the page may use of the rooms below it. */
export { browserFloor, webgpuFrom } from '../engine/browsers.ts';
export { modelFolderName } from '../engine/convert/model-folder-name.ts';
export { BedsideError, type ErrorCode, type ErrorData, errorCodes, toErrorData } from '../engine/errors.ts';
export { readShardName, shardName } from '../engine/formats/shard-name.ts';
export type { QuestionText } from '../engine/generation/answer-request.ts';
export { keptCount } from '../engine/generation/compress.ts';
export { giveWay } from '../engine/give-way.ts';
export { type Pace, paceOn, secondsOfImages, type Tempo, tempoOf } from '../engine/loading/estimate-pace.ts';
export { mostSoftwareModelBytes as softwareModelLimitBytes } from '../engine/loading/software-limit.ts';
export {
  aboutPace,
  aboutSeconds,
  formatBytes,
  formatCount,
  formatDuration,
  formatParameters,
  formatSpeed,
  plural,
} from '../engine/quantities.ts';
export { type BoxForm, type FoundPlace, findPlaces, inThousandths } from '../engine/regions/answer-boxes.ts';
export { askedRegions } from '../engine/regions/asked-regions.ts';
export { boundsOf, pixelBounds } from '../engine/regions/bounds.ts';
export { type Agreement, agreementOf, placeInImage } from '../engine/regions/compare-places.ts';
export { intersectionOverUnion } from '../engine/regions/overlap.ts';
export { findPoint, findRectangle, placePoint, placeRectangle, placeShape } from '../engine/regions/place.ts';
export { type RegionFile, readRegionFile, writeRegionFile } from '../engine/regions/region-file.ts';
export { textWithPlaces, withoutOpenTag } from '../engine/regions/text-with-places.ts';
export {
  type KnownImage,
  type ListedView,
  type ViewList,
  writeViewList,
} from '../engine/regions/view-list.ts';
export { inBytes, type Sentence, sentence, written } from '../engine/sentence.ts';
export { type PinnedSystem, pinnedSystem } from '../engine/templates/pinned-system.ts';
export {
  type TemplateChoice,
  type TemplateId,
  templateNames,
  templatesToOffer,
} from '../engine/templates/template-ids.ts';
export { answerOf, readThought, type ThoughtfulText } from '../engine/templates/thought.ts';
export type { BegunAnswer, QuestionMeasure, StopReason, Usage } from '../engine/types/answer.ts';
export type { ChatMessage } from '../engine/types/chat-message.ts';
export { type ComputedOn, computedOn, isSameComputer } from '../engine/types/computed-on.ts';
export type { AdapterDetails, DeviceReport, ProcessorFacts, ProcessorRates } from '../engine/types/device.ts';
export {
  type ActivationBits,
  activationBits,
  type DeviceChoice,
  type DeviceKind,
  type DeviceWish,
  defaultDeviceWish,
  deviceChoices,
} from '../engine/types/device-choice.ts';
export type { DeviceTestReport, DeviceTestScope, KernelRow } from '../engine/types/device-test.ts';
export {
  type DicomIdentity,
  type DicomMeta,
  type DicomWarning,
  type FramePlace,
  isForReader,
  type NamedVoi,
  type VoiChoice,
  type VoiFunction,
} from '../engine/types/dicom.ts';
export { imageMark, markedImages, withMarksMoved } from '../engine/types/image-marks.ts';
export {
  countTiles,
  countTokens,
  type Grid,
  type ImageView,
  type Rectangle,
  type SeenView,
  type Size,
} from '../engine/types/image-views.ts';
export type { LetterLikelihood, ScoredToken } from '../engine/types/likelihood.ts';
export type { LoadPhase, LoadProgress } from '../engine/types/load-progress.ts';
export {
  type LargestPiece,
  type LoadChoice,
  type MemoryPlan,
  type ModelPlan,
  mostBytes,
} from '../engine/types/memory.ts';
export type { ModelInfo, VisionInfo } from '../engine/types/model.ts';
export type { ModelIdentity, ModelShape, VocabularyIdentity } from '../engine/types/model-identity.ts';
export type { ModelWork } from '../engine/types/model-work.ts';
export type { Precision } from '../engine/types/precision.ts';
export {
  ctColourWindow,
  type ImagePresentation,
  type ImageWindow,
  imageKey,
  isSamePresentation,
  mostRedactions,
  plainPresentation,
  presentationKey,
  presentedSize,
  readPresentation,
} from '../engine/types/presentation.ts';
export type { Mending, PromptText } from '../engine/types/prompt-text.ts';
export { type Quantisation, quantisations } from '../engine/types/quantisation.ts';
export {
  type Extent,
  type ImagePoint,
  longestNote,
  type Measured,
  mostOutlinePoints,
  mostRegions,
  type Region,
  type RegionShape,
  readRegion,
  readRegions,
  regionKinds,
} from '../engine/types/region.ts';
export {
  type FileSampling,
  greedySampling,
  mildSampling,
  type SamplingSettings,
} from '../engine/types/sampling.ts';
export {
  hasPages,
  mostSourceCharacters,
  mostSources,
  type ReadText,
  type SourceKind,
  type SourcePart,
  type SourceText,
} from '../engine/types/source-text.ts';
export type { TemplateFault, TemplateSummary, ThinkingSwitch } from '../engine/types/template-summary.ts';
export {
  defaultTiling,
  type TilingMode,
  type TilingPreset,
  type TilingSettings,
} from '../engine/types/tiling.ts';
export type { BadCandidate, ModelTuning, TunedClass, TuningUse } from '../engine/types/tuning.ts';
export type { ImageUse, VisionUse } from '../engine/types/vision-use.ts';
export { chooseViews, viewsOf } from '../imaging/choose-views.ts';
export { evenSlices } from '../imaging/ct-colours.ts';
export { recogniseDicom, recognisedBytes } from '../imaging/dicom/data-set/recognise.ts';
export type { HeaderRow } from '../imaging/dicom/header/header-rows.ts';
export type { FrameValues } from '../imaging/presented/opened-image.ts';
export { withAcceptedSlow } from '../storage/accepted-slow.ts';
export { type AcceptedTerms, withAcceptedTerms } from '../storage/accepted-terms.ts';
export {
  type AnswerRecord,
  type ProductVersion,
  type RecordedDevice,
  type RecordedModel,
  type RecordedRequest,
  readAnswerRecord,
} from '../storage/answer-records.ts';
export { type AskedAs, type AskedAsByFile, withAskedAs } from '../storage/asked-as.ts';
export { type BinnedConversation, binDays } from '../storage/bin.ts';
export {
  type AnswerSample,
  type Conversation,
  conversationVersion,
  type Message,
  type ModelKind,
  readConversation,
  readMessage,
} from '../storage/conversation-records.ts';
export { titleFrom } from '../storage/conversation-title.ts';
export {
  addMessage,
  branchesOf,
  type ConversationTree,
  createConversation,
  findMessage,
  mergeIndex,
  mergeTrees,
  type NewMessage,
  newestLeaf,
  pathTo,
  replaceMessage,
  siblings,
  switchBranch,
} from '../storage/conversation-tree.ts';
export {
  type ConversationRecords,
  type ConversationStore,
  createConversationStore,
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
export { FileHash } from '../storage/file-hash.ts';
export { type Filing, longestTag, tidyTags } from '../storage/filing.ts';
export {
  createFeatureStore,
  type FeatureStore,
  type KeptFeatureSummary,
} from '../storage/image-features.ts';
export { readImage, type StoredImage } from '../storage/images.ts';
export {
  type CheckpointRecord,
  createModelRecordStore,
  type ModelFileRecord,
  type ModelRecord,
  type ModelRecordStore,
  modelRecordVersion,
} from '../storage/model-records.ts';
export type { OptionLikelihood } from '../storage/option-likelihoods.ts';
export { packIds, unpackIds } from '../storage/packed-ids.ts';
export { type Preset, presetLimits, readPreset } from '../storage/presets.ts';
export { newId } from '../storage/random-id.ts';
export { isRawObject, type RawObject } from '../storage/raw-object.ts';
export { readTree } from '../storage/read-tree.ts';
export {
  type AnswerEdit,
  type AnswerRating,
  noteLimit,
  type Verdict,
  verdicts,
} from '../storage/reader-marks.ts';
export {
  type CopyForm,
  createSettingsStore,
  defaultSettings,
  type Settings,
  type SettingsStore,
  type Theme,
  tilingModes,
  tilingPresets,
} from '../storage/settings-record.ts';
export { sha256Hex } from '../storage/sha256.ts';
export {
  type DraftSource,
  partsAsBlob,
  partsOfBlob,
} from '../storage/source-records.ts';
export {
  fieldPlaces,
  fieldsIn,
  readTaskTemplate,
  type TaskField,
  type TaskTemplate,
  type TaskUse,
  taskFieldKinds,
  taskLimits,
} from '../storage/task-templates.ts';
export type { MessageImage } from '../storage/vision-records.ts';
export type { AirGapAnswer } from '../sw/messages.ts';
export { splitPassages } from '../worker/documents/split-passages.ts';
export type {
  DescribedModel,
  DescribeModelRequest,
  DeviceSurvey,
  DeviceTestProgress,
  GenerateOutcome,
  GenerateRequest,
  ImageInput,
  ImageReport,
  InspectedImage,
  LoadModelRequest,
  PlanModelRequest,
  SampleOutcome,
  TokenizerFacts,
  VisionProgress,
} from '../worker/engine/engine-messages.ts';
export { engineVerbs } from '../worker/engine/engine-verbs.ts';
export type { RedactImageRequest } from '../worker/engine/image-messages.ts';
export type { ModelSource, UrlSource } from '../worker/engine/model-source.ts';
export type {
  CheckpointReport,
  ConvertRequest,
  CopyRequest,
  ExportedFile,
  HubFile,
  HubRepository,
  LibraryPhase,
  RemoteFile,
  StoredFile,
} from '../worker/library/library-messages.ts';
export { libraryVerbs } from '../worker/library/library-verbs.ts';
export type { ImageFacts, PickedFile, RenderedImage, ShownFrame } from '../worker/reading/reading-verbs.ts';
export type { DownloadNotice } from '../worker/remote/download-notice.ts';
export type { VerbTable } from '../worker/verbs/verb.ts';
export {
  type Catalogue,
  type CatalogueEntry,
  type CatalogueFile,
  loadCatalogue,
  type Publisher,
  type SampleImage,
  type StoredSource,
} from './catalogue/catalogue.ts';
export { claimFile, type FileClaim, type FileIdentities, knownSizes } from './catalogue/claim-file.ts';
export { computedEntries } from './catalogue/computed-entries.ts';
export { contradictionInWords, contradictions } from './catalogue/contradictions.ts';
export { asConverted, convertedBytesOfWeight } from './catalogue/converted-bytes.ts';
export { bytesOfEntry, filesOfEntry } from './catalogue/entry-files.ts';
export type { EntryStates, KnownFile } from './catalogue/entry-states.ts';
export { fetchSample } from './catalogue/fetch-sample.ts';
export { type HubAddress, hubFileUrl, readHubAddress } from './catalogue/hub-address.ts';
export { listInstalledEntries } from './catalogue/installed-entries.ts';
export { loadModelCard, type ModelCard } from './catalogue/model-card.ts';
export {
  type DescribedFile,
  descriptionSuffix,
  type ModelDescription,
  readDescription,
  writeDescription,
} from './catalogue/model-description.ts';
export { type OwnFiles, ownEntry } from './catalogue/own-entry.ts';
export { quantisationForRoom, type WantedConversation } from './catalogue/quantisation-for-room.ts';
export { type QuickerEntry, quickerEntry } from './catalogue/quicker-entry.ts';
export {
  acceptedAt,
  lacksAcceptance,
  noticeFile,
  subjectOfNames,
  type TermsOfUse,
  type TermsSubject,
  termsOf,
  termsOfAnswer,
} from './catalogue/terms.ts';
export { workOfEntry } from './catalogue/work-of-entry.ts';
export { isStoragePersistent, persistStorage } from './device/persistence.ts';
export { saveFile } from './device/save-file.ts';
export { productVersion } from './site/product-version.ts';
export { registerServiceWorker, type ServiceWorkerState } from './site/service-worker.ts';
export { askAirGap, setAirGap, setModelSources, watchAirGap } from './site/set-network-rules.ts';
export {
  type ChangedConversation,
  type ConversationChannel,
  type ConversationNews,
  openConversationChannel,
} from './tabs/conversation-news.ts';
export { createEngineLock, type EngineLock } from './tabs/engine-lock.ts';
export { isOnlyPage } from './tabs/page-lock.ts';
export { openSettingsChannel, type SettingsChannel } from './tabs/settings-news.ts';
export { allowModelSources } from './workers/allow-sources.ts';
export { createDocumentReader, type DocumentReader } from './workers/documents-client.ts';
export { createEngineClient, type EngineClient } from './workers/engine-client.ts';
export { createLibraryClient, type LibraryCall, type LibraryClient } from './workers/library-client.ts';
export { createImageReader, type ImageReader } from './workers/reading-client.ts';
export type { VerbCalls } from './workers/verb-calls.ts';
