import type { EngineDevice } from '../../engine/device/device.ts';
import type { ByteSource } from '../../engine/formats/byte-source.ts';
import type { QuestionText } from '../../engine/generation/answer-request.ts';
import { measureQuestion } from '../../engine/generation/question-tokens.ts';
import { type LanguageModel, loadModel, planModel } from '../../engine/loading/load-model.ts';
import { testDevice } from '../../engine/self-test/test-device.ts';
import type { TuningOptions } from '../../engine/tuner/tuner.ts';
import type { QuestionMeasure } from '../../engine/types/answer.ts';
import type { DeviceReport } from '../../engine/types/device.ts';
import type { DeviceWish } from '../../engine/types/device-choice.ts';
import type { DeviceTestReport } from '../../engine/types/device-test.ts';
import type { ModelPlan } from '../../engine/types/memory.ts';
import type { PromptText } from '../../engine/types/prompt-text.ts';
import type { KeptFeatures } from '../../imaging/kept-features.ts';
import type { FeatureStore } from '../../storage/image-features.ts';
import type { TuningStore } from '../../storage/tuning-records.ts';
import {
  answerAboutImages,
  type RenderInput,
  sampleAboutImages,
  showPromptWithImages,
} from './answer-about-images.ts';
import type { BrowserDevices } from './browser-devices.ts';
import { browserName } from './browser-name.ts';
import type {
  GenerateRequest,
  KernelForms,
  LetterScores,
  ModelAnswer,
  ModelSamples,
  SampleRequest,
  ScoreLettersRequest,
  ScoreTokensRequest,
  TestDeviceRequest,
  TokenScores,
} from './engine-messages.ts';
import { fingerprinted } from './fingerprint.ts';
import { keptFeatures } from './kept-features.ts';
import type {
  AnswerEvents,
  Engine,
  LoadOptions,
  SampleEvents,
  ScoringEvents,
  TestEvents,
} from './model-host.ts';
import { scoreLettersOf, scoreTokensOf } from './score-request.ts';

/** Who asks for it waits for it, and can skip the rest. */
const askedBudgetMs = 20_000;

/** The engine on the devices of this browser, with the pictures of the images that it is asked about. */
export class BrowserEngine implements Engine<EngineDevice, LanguageModel> {
  readonly #devices: BrowserDevices;
  readonly #renderImage: RenderInput;
  readonly #features: FeatureStore | undefined;
  /** What the visual tokens of models that see are kept as. */
  readonly #kept = new WeakMap<LanguageModel, KeptFeatures>();
  readonly #tuning: TuningStore | undefined;
  #skip = new AbortController();

  /**
   * `features`: where visual tokens outlive the model that made them. `tuning`: where it is kept which forms of kernels were found
   * fastest; without it all are the defaults.
   */
  constructor(
    devices: BrowserDevices,
    renderImage: RenderInput,
    features?: FeatureStore,
    tuning?: TuningStore,
  ) {
    this.#devices = devices;
    this.#renderImage = renderImage;
    this.#features = features;
    this.#tuning = tuning;
  }

  lendHelpers(page: MessagePort): void {
    this.#devices.lendHelpers(page);
  }

  describeDevice(wish: DeviceWish): Promise<DeviceReport> {
    return this.#devices.describe(wish);
  }

  acquireDevice(wish: DeviceWish): Promise<EngineDevice> {
    return this.#devices.acquire(wish);
  }

  measureAgain(wish: DeviceWish): Promise<boolean> {
    return this.#devices.measureAgain(wish);
  }

  async loadModel(
    device: EngineDevice,
    source: ByteSource,
    { forms = 'chosen', ...options }: LoadOptions,
  ): Promise<LanguageModel> {
    const tuning = await this.#tuningOptions(forms);
    if (!options.vision || !this.#features) return loadModel(device, source, { ...options, tuning });
    const vision = fingerprinted(options.vision);
    const model = await loadModel(device, source, { ...options, vision, tuning });
    this.#kept.set(model, keptFeatures(this.#features, await vision.fingerprint()));
    return model;
  }

  skipTuning(): void {
    this.#skip.abort();
  }

  async #tuningOptions(forms: KernelForms): Promise<TuningOptions | undefined> {
    const store = this.#tuning;
    if (!store) return undefined;
    this.#skip = new AbortController();
    // Where nothing can be stored, it is measured at each load.
    const record = forms === 'anew' ? undefined : await store.load().catch(() => undefined);
    return {
      use: forms === 'defaults' ? 'defaults' : 'chosen',
      record,
      browser: browserName(navigator.userAgent),
      onRecord: found => void store.save(found).catch(() => undefined),
      skip: this.#skip.signal,
      ...(forms === 'anew' ? { budgetMs: askedBudgetMs } : {}),
    };
  }

  async planModel(report: DeviceReport, source: ByteSource, options: LoadOptions): Promise<ModelPlan> {
    return planModel(report, source, options);
  }

  testDevice(
    device: EngineDevice,
    model: LanguageModel | undefined,
    request: TestDeviceRequest,
    { signal, onProgress }: TestEvents,
  ): Promise<DeviceTestReport> {
    return testDevice(device, model?.kernels, request, {
      signal,
      onRows: (rows, done, total, next) => onProgress?.({ rows, done, total, next }),
    });
  }

  measureQuestion(model: LanguageModel, question: QuestionText): QuestionMeasure {
    return measureQuestion(model, question);
  }

  showPrompt(model: LanguageModel, request: GenerateRequest): PromptText {
    return showPromptWithImages(model, request);
  }

  answer(model: LanguageModel, request: GenerateRequest, events: AnswerEvents): Promise<ModelAnswer> {
    return answerAboutImages(model, request, events, this.#renderImage, this.#kept.get(model));
  }

  sample(model: LanguageModel, request: SampleRequest, events: SampleEvents): Promise<ModelSamples> {
    return sampleAboutImages(model, request, events, this.#renderImage, this.#kept.get(model));
  }

  scoreTokens(
    model: LanguageModel,
    request: ScoreTokensRequest,
    events: ScoringEvents,
  ): Promise<TokenScores> {
    return scoreTokensOf(model, request, events, this.#renderImage, this.#kept.get(model));
  }

  scoreLetters(
    model: LanguageModel,
    request: ScoreLettersRequest,
    events: ScoringEvents,
  ): Promise<LetterScores> {
    return scoreLettersOf(model, request, events, this.#renderImage, this.#kept.get(model));
  }
}
