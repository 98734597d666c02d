/** What the page can ask of the engine's worker. A new verb is an entry here and its implementation in engine-api.ts. */

import type { QuestionText } from '../../engine/generation/answer-request.ts';
import { sentence } from '../../engine/sentence.ts';
import type { QuestionMeasure } from '../../engine/types/answer.ts';
import type { DeviceReport } from '../../engine/types/device.ts';
import type { DeviceWish } from '../../engine/types/device-choice.ts';
import type { DeviceTestReport } from '../../engine/types/device-test.ts';
import type { LoadProgress } from '../../engine/types/load-progress.ts';
import type { ModelPlan } from '../../engine/types/memory.ts';
import type { ModelInfo } from '../../engine/types/model.ts';
import type { PromptText } from '../../engine/types/prompt-text.ts';
import type { BusyWords } from '../verbs/busy.ts';
import { call, operation, type WorkerApi } from '../verbs/verb.ts';
import type {
  DescribedModel,
  DescribeHeadsRequest,
  DeviceSurvey,
  DeviceTestProgress,
  GenerateOutcome,
  GenerateRequest,
  InspectedImage,
  LetterScores,
  LoadModelRequest,
  PlanHeadsRequest,
  SampleOutcome,
  SampleRequest,
  ScoreLettersRequest,
  ScoreTokensRequest,
  TestDeviceRequest,
  TokenScores,
  VisionProgress,
} from './engine-messages.ts';
import type { RedactImageRequest, RenderImageRequest } from './image-messages.ts';

export type LoadReports = { progress: [progress: LoadProgress] };

export type AnswerReports = {
  /** Each image in turn, before the prompt is read. */
  vision: [progress: VisionProgress];
  prefill: [done: number, total: number];
  /** `text` and its `ids` are what is new; `tokens` counts those of the whole answer so far. */
  text: [text: string, tokens: number, ids: readonly number[]];
};

/** `sample` counts from 0, `text` is what is new of it, `tokens` how many it has so far. */
export type SampleReports = Pick<AnswerReports, 'vision' | 'prefill'> & {
  text: [sample: number, text: string, tokens: number];
};

export type ScoreReports = Pick<AnswerReports, 'vision' | 'prefill'> & {
  /** Tokens that are scored so far, and in all. */
  scored: [done: number, total: number];
};

export type TestReports = { progress: [progress: DeviceTestProgress] };

export const busyLoading: BusyWords = {
  message: sentence`model-is-being-loaded: A model is being loaded.`,
  advice: 'Wait until it is ready, or cancel loading.',
};

const busyAnswering: BusyWords = {
  message: sentence`answer-is-being-written: An answer is being written.`,
  advice: 'Wait until it ends, or stop it.',
};

const busyScoring: BusyWords = {
  message: sentence`words-are-being-scored: What was answered is being read again.`,
  advice: 'Wait until that ends, or stop it.',
};

export const engineVerbs = {
  /** Of the device that is in use, or would be. */
  probeDevice: call<void, DeviceReport>(),
  /** What there is of each kind, the processor measured; what is in use is left as it is. */
  surveyDevices: call<void, DeviceSurvey>({ needsIdle: true }),
  /**
   * Times the processor once more and resolves with whether it is faster than it was thought to be: a busy moment must not judge a
   * model for good.
   */
  measureAgain: call<void, boolean>({ needsIdle: true }),
  /** What computes from now on. A model on another device is gone. */
  useDevice: call<DeviceWish, void>({ needsIdle: true }),
  /** Of files of this device alone: what is not stored yet is refused with 'no-model'. Rejects with 'aborted' when it is. */
  loadModel: operation<LoadModelRequest, ModelInfo, LoadReports>({
    runsAlone: busyLoading,
  }),
  /** Ends the timing of kernels that a load waits for: what was not timed yet keeps its standard form. */
  skipTuning: call<void, void>(),
  /** What loading a model would take of the device's memory, from the headers of its files alone. */
  planModel: call<PlanHeadsRequest, ModelPlan>(),
  /** What the files of a model say and whether they run here, from their headers. Rejects where they are no model files. */
  describeModel: call<DescribeHeadsRequest, DescribedModel>(),
  /** The model that can answer now. A load that failed on the file's header leaves the one before in place. */
  loadedModel: call<void, ModelInfo | null>(),
  unloadModel: call<void, void>({ needsIdle: true }),
  /** Decodes an image whole, with or without a model, so that what is wrong with it shows before a question is asked about it. */
  inspectImage: call<Blob, InspectedImage>(),
  /** The picture of an image as it is shown and asked about, as a PNG file. Rejects with 'invalid-request' where it cannot be shown so. */
  renderImageFile: call<RenderImageRequest, Blob>(),
  /** A DICOM file in which what may say whose image it is is blank, to be kept in place of the file; another file as it is. */
  withoutIdentity: call<Blob, InspectedImage>(),
  /** What is to be kept of an image whose redactions are to stay: nothing of the original. */
  redactImage: call<RedactImageRequest, InspectedImage>(),
  /** How long a question is for the loaded model; null without one. */
  measureQuestion: call<QuestionText, QuestionMeasure | null>(),
  /** The exact prompt that `generate` would make of the request; null without a model. */
  showPrompt: call<GenerateRequest, PromptText | null>(),
  /** A signal resolves it with stopReason 'aborted' and the text so far; one aborted beforehand rejects. */
  generate: operation<GenerateRequest, GenerateOutcome, AnswerReports>({ runsAlone: busyAnswering }),
  /** Several answers to the same question, a token of each in a step. A signal resolves it with what there is of each. */
  sample: operation<SampleRequest, SampleOutcome, SampleReports>({ runsAlone: busyAnswering }),
  /** How likely the loaded model finds each token of an answer. Rejects with 'aborted'. */
  scoreTokens: operation<ScoreTokensRequest, TokenScores, ScoreReports>({ runsAlone: busyScoring }),
  /** How likely it finds each letter as the beginning of an answer. Rejects with 'aborted'. */
  scoreLetters: operation<ScoreLettersRequest, LetterScores, Omit<ScoreReports, 'scored'>>({
    runsAlone: busyScoring,
  }),
  /** Compares the kernels with their scalar twins on the device; the loaded model stays. */
  testDevice: operation<TestDeviceRequest, DeviceTestReport, TestReports>({
    runsAlone: {
      message: sentence`device-is-being-tested: This device is being tested.`,
      advice: 'Wait until the test ends, or stop it.',
    },
  }),
};

export type EngineVerbs = typeof engineVerbs;

export type EngineApi = WorkerApi<EngineVerbs> & {
  /** Posts the error to `losses`, as data, each time that the loaded model is gone because its device was lost. */
  watchModel(losses: MessagePort): Promise<void>;
  /** From a page that starts helpers of the processor: what is said over `page` stands in lent-workers.ts. */
  lendHelpers(page: MessagePort): Promise<void>;
};
