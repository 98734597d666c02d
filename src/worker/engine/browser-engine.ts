import type { EngineDevice } from '../../engine/device/device.ts';
import type { ByteSource } from '../../engine/formats/byte-source.ts';
import type { QuestionText } from '../../engine/generation/answer-request.ts';
import { measureQuestion } from '../../engine/generation/question-tokens.ts';
import { describeAdapter } from '../../engine/gpu/adapter.ts';
import { acquireDevice } from '../../engine/gpu/device.ts';
import {
  type LanguageModel,
  loadModel,
  planModel,
  requirePrecision,
} from '../../engine/loading/load-model.ts';
import { testDevice } from '../../engine/self-test/test-device.ts';
import type { QuestionMeasure } from '../../engine/types/answer.ts';
import type { DeviceReport } from '../../engine/types/device.ts';
import type { DeviceTestReport } from '../../engine/types/device-test.ts';
import type { ModelPlan } from '../../engine/types/memory.ts';
import type { PromptText } from '../../engine/types/prompt-text.ts';
import type { DecodedImage } from '../../imaging/decode.ts';
import { answerAboutImages, showPromptWithImages } from './answer-about-images.ts';
import type { GenerateOutcome, GenerateRequest, TestDeviceRequest } from './engine-messages.ts';
import type { AnswerEvents, Engine, LoadOptions, TestEvents } from './model-host.ts';

/** The engine on the GPU of this browser, with the browser's decoder for the images that it is asked about. */
export class BrowserEngine implements Engine<EngineDevice, LanguageModel> {
  readonly #gpu: GPU | undefined;
  readonly #decodeImage: (file: Blob) => Promise<DecodedImage>;

  /** @param gpu undefined where the browser has no WebGPU: every use of the device then says so */
  constructor(gpu: GPU | undefined, decodeImage: (file: Blob) => Promise<DecodedImage>) {
    this.#gpu = gpu;
    this.#decodeImage = decodeImage;
  }

  describeAdapter(): Promise<DeviceReport> {
    return describeAdapter(this.#gpu);
  }

  acquireDevice(): Promise<EngineDevice> {
    return acquireDevice(this.#gpu);
  }

  loadModel(device: EngineDevice, source: ByteSource, options: LoadOptions): Promise<LanguageModel> {
    return loadModel(device, source, options);
  }

  async planModel(report: DeviceReport, source: ByteSource, options: LoadOptions): Promise<ModelPlan> {
    requirePrecision(options.precision, report.shaderF16);
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

  answer(
    model: LanguageModel,
    request: GenerateRequest,
    events: AnswerEvents,
  ): Promise<Omit<GenerateOutcome, 'model'>> {
    return answerAboutImages(model, request, events, this.#decodeImage);
  }
}
