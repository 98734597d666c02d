/** The device and the one model on it: made, kept, replaced, and given up when the device fails. */
import { BedsideError, toErrorData } from '../../engine/errors.ts';
import type { ByteSource } from '../../engine/formats/byte-source.ts';
import type { QuestionText } from '../../engine/generation/answer-request.ts';
import type { Tempo } from '../../engine/loading/estimate-pace.ts';
import { sentence } from '../../engine/sentence.ts';
import type { QuestionMeasure } from '../../engine/types/answer.ts';
import { computedOn } from '../../engine/types/computed-on.ts';
import type { DeviceReport } from '../../engine/types/device.ts';
import { type DeviceKind, type DeviceWish, defaultDeviceWish } from '../../engine/types/device-choice.ts';
import type { DeviceTestReport } from '../../engine/types/device-test.ts';
import type { LoadProgress } from '../../engine/types/load-progress.ts';
import type { ModelPlan } from '../../engine/types/memory.ts';
import type { ModelInfo } from '../../engine/types/model.ts';
import type { Precision } from '../../engine/types/precision.ts';
import type { PromptText } from '../../engine/types/prompt-text.ts';
import type {
  DeviceSurvey,
  DeviceTestProgress,
  GenerateOutcome,
  GenerateRequest,
  KernelForms,
  LetterScores,
  ModelAnswer,
  ModelSamples,
  SampleOutcome,
  SampleRequest,
  ScoreLettersRequest,
  ScoreTokensRequest,
  TestDeviceRequest,
  TokenScores,
  VisionProgress,
} from './engine-messages.ts';

export interface DeviceHandle {
  readonly report: DeviceReport;
  /** Resolves when the device is lost, not by `destroy()`. */
  readonly lost: Promise<BedsideError>;
  /** True after an error that makes every further result on this device worthless. */
  readonly failed: boolean;
  destroy(): void;
}

export interface ModelHandle {
  readonly info: ModelInfo;
  destroy(): void;
}

export type EngineProgress = Omit<LoadProgress, 'fromStore'>;

export interface LoadOptions {
  precision: Precision;
  contextTokens?: number;
  /** The image half of a model of two files. */
  vision?: ByteSource;
  /** The slowest pace that it is loaded for. */
  accepts?: Tempo;
  /** Of its kernels, where there is more than one. */
  forms?: KernelForms;
  signal?: AbortSignal;
  onProgress?: (progress: EngineProgress) => void;
}

export interface AnswerEvents {
  signal?: AbortSignal;
  onVision?(progress: VisionProgress): void;
  onPrefill?(done: number, total: number): void;
  onText?(text: string, tokens: number, ids: readonly number[]): void;
}

/** Of what reads a prompt, and perhaps scores what follows it. */
export interface ScoringEvents extends Omit<AnswerEvents, 'onText'> {
  onScored?(done: number, total: number): void;
}

export interface SampleEvents extends Omit<AnswerEvents, 'onText'> {
  onText?(sample: number, text: string, tokens: number): void;
}

export interface TestEvents {
  signal?: AbortSignal;
  onProgress?(progress: DeviceTestProgress): void;
}

/** The parts of the engine that the worker drives; tests hand in theirs. */
export interface Engine<Device extends DeviceHandle, Model extends ModelHandle> {
  /** The page at the other end starts helpers of the processor (lent-workers.ts). */
  lendHelpers?(page: MessagePort): void;
  /** What `acquireDevice` would open for such a wish. */
  describeDevice(wish: DeviceWish): Promise<DeviceReport>;
  acquireDevice(wish: DeviceWish): Promise<Device>;
  /** Times once more what such a wish opens or has opened; whether it proved faster than its report said. */
  measureAgain(wish: DeviceWish): Promise<boolean>;
  /** Reports a phase other than 'header' once the header is found valid, before it allocates anything. */
  loadModel(device: Device, source: ByteSource, options: LoadOptions): Promise<Model>;
  /** Ends what a load does to find the fastest forms. */
  skipTuning?(): void;
  /** What `loadModel` would take of the device in the report; reads nothing but the headers. */
  planModel(report: DeviceReport, source: ByteSource, options: LoadOptions): Promise<ModelPlan>;
  /** Leaves the model as it is. */
  testDevice(
    device: Device,
    model: Model | undefined,
    request: TestDeviceRequest,
    events: TestEvents,
  ): Promise<DeviceTestReport>;
  measureQuestion(model: Model, question: QuestionText): QuestionMeasure;
  showPrompt(model: Model, request: GenerateRequest): PromptText;
  answer(model: Model, request: GenerateRequest, events: AnswerEvents): Promise<ModelAnswer>;
  sample(model: Model, request: SampleRequest, events: SampleEvents): Promise<ModelSamples>;
  scoreTokens(model: Model, request: ScoreTokensRequest, events: ScoringEvents): Promise<TokenScores>;
  scoreLetters(model: Model, request: ScoreLettersRequest, events: ScoringEvents): Promise<LetterScores>;
}

export interface ModelHost {
  /** Of the device that there is; without one nothing is acquired. */
  probe(): Promise<DeviceReport>;
  /** Of what is in use, as it is; anything else is opened and closed again. */
  survey(): Promise<DeviceSurvey>;
  /** Whether the device, timed once more, is faster than it was thought to be. */
  measureAgain(): Promise<boolean>;
  /** Gives up the device, and the model on it, where another is wished. */
  useDevice(wish: DeviceWish): void;
  /** Acquires the device if there is none that works. */
  prepareDevice(): Promise<DeviceReport>;
  readonly modelInfo: ModelInfo | null;
  /** Called when the model is gone because its device was lost, whatever was going on. */
  onModelLost(hear: (error: BedsideError) => void): void;
  plan(source: ByteSource, options: LoadOptions): Promise<ModelPlan>;
  load(source: ByteSource, options: LoadOptions): Promise<ModelInfo>;
  unload(): void;
  /** Acquires the device if there is none that works. */
  testDevice(request: TestDeviceRequest, events: TestEvents): Promise<DeviceTestReport>;
  /** Null without a model. */
  measureQuestion(question: QuestionText): QuestionMeasure | null;
  /** Null without a model. */
  showPrompt(request: GenerateRequest): PromptText | null;
  answer(request: GenerateRequest, events: AnswerEvents): Promise<GenerateOutcome>;
  sample(request: SampleRequest, events: SampleEvents): Promise<SampleOutcome>;
  scoreTokens(request: ScoreTokensRequest, events: ScoringEvents): Promise<TokenScores>;
  scoreLetters(request: ScoreLettersRequest, events: ScoringEvents): Promise<LetterScores>;
}

export function createModelHost<Device extends DeviceHandle, Model extends ModelHandle>(
  engine: Engine<Device, Model>,
): ModelHost {
  let device: Device | undefined;
  let model: Model | undefined;
  let wish = defaultDeviceWish;
  /** Why the model is gone, until the next one is loaded. */
  let failure: BedsideError | undefined;
  let tellLost: (error: BedsideError) => void = () => undefined;

  function dropModel(): void {
    const dropped = model;
    model = undefined;
    dropped?.destroy();
  }

  function dropDevice(cause?: BedsideError): void {
    if (model) failure = cause;
    dropModel();
    const dropped = device;
    device = undefined;
    dropped?.destroy();
  }

  async function usableDevice(): Promise<Device> {
    if (device && !device.failed) return device;
    dropDevice();
    const acquired = await engine.acquireDevice(wish);
    device = acquired;
    void acquired.lost.then(error => {
      if (device !== acquired) return;
      const hadModel = model !== undefined;
      dropDevice(error);
      if (hadModel) tellLost(error);
    });
    return acquired;
  }

  /** After an operation failed: nothing may be computed any more on a device that failed with it. */
  function dropFailed(used: Device | undefined, thrown: unknown): void {
    const isLost = thrown instanceof BedsideError && thrown.code === 'device-lost';
    if (!used || device !== used || !(isLost || used.failed)) return;
    dropDevice(thrown instanceof BedsideError ? thrown : undefined);
  }

  /** What is computed with the model; `facts`: which it is, and on what it runs by then. */
  async function onModel<T>(
    compute: (loaded: Model, facts: () => Pick<GenerateOutcome, 'model' | 'computedOn'>) => Promise<T>,
  ): Promise<T> {
    const used = device;
    if (!model || !used) throw failure ?? noModel();
    const { name } = model.info;
    try {
      return await compute(model, () => ({ model: name, computedOn: computedOn(used.report) }));
    } catch (thrown) {
      dropFailed(used, thrown);
      throw thrown;
    }
  }

  const probe = async () => (device && !device.failed ? device.report : engine.describeDevice(wish));

  async function describe(kind: DeviceKind): Promise<DeviceSurvey[DeviceKind]> {
    if (device && !device.failed && device.report.kind === kind) return { report: device.report };
    try {
      return { report: await engine.describeDevice({ ...wish, device: kind }) };
    } catch (thrown) {
      return { error: toErrorData(thrown) };
    }
  }

  return {
    probe,

    survey: async () => ({ gpu: await describe('gpu'), processor: await describe('processor') }),

    measureAgain: () => engine.measureAgain(wish),

    useDevice(wished) {
      const isSame = wished.device === wish.device && wished.activationBits === wish.activationBits;
      wish = wished;
      if (!isSame) dropDevice();
    },

    plan: async (source, options) => engine.planModel(await probe(), source, options),

    prepareDevice: async () => (await usableDevice()).report,

    get modelInfo() {
      return model?.info ?? null;
    },

    onModelLost(hear) {
      tellLost = hear;
    },

    async load(source, options) {
      const target = await usableDevice();
      const previous = model;
      // Two models rarely fit side by side, but a file that is no model must not cost the reader the one in use.
      const makeRoom = () => {
        if (previous && model === previous) dropModel();
      };
      try {
        const loaded = await engine.loadModel(target, source, {
          ...options,
          onProgress(progress) {
            if (progress.phase !== 'header') makeRoom();
            options.onProgress?.(progress);
          },
        });
        if (device !== target) {
          loaded.destroy();
          throw await target.lost; // `device` is only replaced during a load when it was lost.
        }
        failure = undefined;
        model = loaded;
        return loaded.info;
      } catch (thrown) {
        dropFailed(target, thrown);
        throw thrown;
      }
    },

    unload() {
      failure = undefined;
      dropModel();
    },

    async testDevice(request, events) {
      const used = await usableDevice();
      try {
        return await engine.testDevice(used, model, request, events);
      } catch (thrown) {
        dropFailed(used, thrown);
        throw thrown;
      }
    },

    measureQuestion: question => (model ? engine.measureQuestion(model, question) : null),

    showPrompt: request => (model ? engine.showPrompt(model, request) : null),

    answer: (request, events) =>
      onModel(async (loaded, facts) => ({ ...(await engine.answer(loaded, request, events)), ...facts() })),

    sample: (request, events) =>
      onModel(async (loaded, facts) => ({ ...(await engine.sample(loaded, request, events)), ...facts() })),

    scoreTokens: (request, events) => onModel(loaded => engine.scoreTokens(loaded, request, events)),

    scoreLetters: (request, events) => onModel(loaded => engine.scoreLetters(loaded, request, events)),
  };
}

function noModel(): BedsideError {
  return new BedsideError(
    'no-model',
    sentence`no-model-loaded: No model is loaded.`,
    'Load a model first; the bundled one loads in seconds.',
  );
}
