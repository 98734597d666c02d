import {
  BedsideError,
  type DescribedModel,
  type DescribeModelRequest,
  type DeviceReport,
  type DeviceSurvey,
  type DeviceTestProgress,
  type DeviceTestReport,
  type DeviceWish,
  type EngineClient,
  type ErrorCode,
  errorCodes,
  type GenerateOutcome,
  type InspectedImage,
  type LoadChoice,
  type LoadProgress,
  type ModelInfo,
  type ModelPlan,
  type PlanModelRequest,
  type PromptText,
  type QuestionMeasure,
  type QuestionText,
  type RedactImageRequest,
  sentence,
  type VisionProgress,
  written,
} from '../../client/index.ts';
import {
  descriptionOf,
  errorOf,
  gpuReport,
  imageReportOf,
  modelInfo,
  nameOfSource,
  outcomeOf,
  planOf,
  processorReport,
  promptOf,
  visionInfo,
} from './fixtures.ts';

/** A request with what was given beside it. */
type WholeCall<Name extends 'loadModel' | 'generate' | 'testDevice'> = Parameters<EngineClient[Name]>[0] &
  NonNullable<Parameters<EngineClient[Name]>[1]>;

export type LoadModelCall = WholeCall<'loadModel'>;
export type GenerateCall = WholeCall<'generate'>;
export type TestDeviceCall = WholeCall<'testDevice'>;

/** A promise that a test settles. */
class Pending<T> {
  readonly promise: Promise<T>;
  isSettled = false;
  #resolve!: (value: T) => void;
  #reject!: (error: unknown) => void;

  constructor(signal?: AbortSignal, onAbort?: () => void) {
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    if (onAbort) signal?.addEventListener('abort', onAbort, { once: true });
  }

  resolve(value: T): void {
    this.isSettled = true;
    this.#resolve(value);
  }

  reject(code: ErrorCode): void {
    this.rejectWith(errorOf(code));
  }

  rejectWith(error: BedsideError): void {
    this.isSettled = true;
    this.#reject(error);
  }
}

/** One `generate` call: the test writes its tokens and its end. Aborted, it ends with what was written. */
export class ScriptedAnswer {
  readonly call: GenerateCall;
  readonly pending: Pending<GenerateOutcome>;
  text: string;
  #tokens: number;

  constructor(call: GenerateCall) {
    this.call = call;
    this.text = call.begun?.text ?? '';
    this.#tokens = call.begun?.tokenIds.length ?? 0;
    this.pending = new Pending(call.signal, () => this.finish({ stopReason: 'aborted' }));
  }

  vision(progress: VisionProgress): void {
    this.call.onVision?.(progress);
  }

  prefill(done: number, total: number): void {
    this.call.onPrefill?.(done, total);
  }

  write(...pieces: string[]): void {
    if (this.pending.isSettled) throw new Error('no callback may come after the call has settled');
    for (const piece of pieces) {
      this.text += piece;
      this.#tokens += 1;
      this.call.onText?.(piece, this.#tokens, [this.#tokens]);
    }
  }

  finish(changes: Partial<GenerateOutcome> = {}): void {
    this.pending.resolve(outcomeOf(this.text, changes));
  }

  fail(code: ErrorCode): void {
    this.pending.reject(code);
  }
}

/** One `loadModel` call. Aborted, it rejects and leaves what was loaded before. */
export class ScriptedLoad {
  readonly call: LoadModelCall;
  readonly pending: Pending<ModelInfo>;
  readonly #engine: FakeEngine;

  constructor(engine: FakeEngine, call: LoadModelCall) {
    this.#engine = engine;
    this.call = call;
    this.pending = new Pending(call.signal, () => this.pending.reject('aborted'));
  }

  progress(progress: LoadProgress): void {
    if (this.pending.isSettled) throw new Error('no callback may come after the call has settled');
    this.call.onProgress?.(progress);
  }

  finish(changes: Partial<ModelInfo> = {}): void {
    const vision = this.call.vision ? { vision: visionInfo } : {};
    const device = typeof this.#engine.device === 'string' ? gpuReport : this.#engine.device;
    const info = { ...modelInfo, device, precision: this.call.precision, ...vision, ...changes };
    this.#engine.loaded = info;
    this.pending.resolve(info);
  }

  /** As a model that finds no room, with what would. */
  findNoRoom(choices: LoadChoice[]): void {
    const error = errorOf('out-of-memory');
    this.pending.rejectWith(new BedsideError(error.code, error.sentence, error.advice, undefined, choices));
  }

  /** As a model that a processor is slow with, before anything was given up for it. */
  findSlow(code: 'slow-model' | 'too-slow', tokenSeconds: number): void {
    const message = sentence`found-slow: ${{ pace: written(tokenSeconds, 'Slowly') }}.`;
    this.pending.rejectWith(new BedsideError(code, message, 'Accept it.'));
  }

  /** As a file whose header is unsound (the model before stays) or one that failed later (nothing is left). */
  fail(code: ErrorCode, modelBefore: 'stays' | 'is-gone' = 'is-gone'): void {
    if (modelBefore === 'is-gone') this.#engine.loaded = null;
    this.pending.reject(code);
  }
}

/** One `testDevice` call. Aborted, it rejects. */
export class ScriptedTest {
  readonly call: TestDeviceCall;
  readonly pending: Pending<DeviceTestReport>;
  readonly #rows: DeviceTestReport['rows'] = [];

  constructor(call: TestDeviceCall) {
    this.call = call;
    this.pending = new Pending(call.signal, () => this.pending.reject('aborted'));
  }

  progress(progress: DeviceTestProgress): void {
    this.#rows.push(...progress.rows);
    this.call.onProgress?.(progress);
  }

  finish(changes: Partial<DeviceTestReport> = {}): void {
    const { scope } = this.call;
    const rows = this.#rows;
    this.pending.resolve({
      device: gpuReport,
      scope,
      rows,
      clock: 'submit-to-done',
      memory: null,
      ...changes,
    });
  }
}

/** The engine without a worker, as far as tests script it. Loads succeed by themselves until a test says otherwise; answers never do. */
export class FakeEngine implements Partial<EngineClient> {
  device: DeviceReport | ErrorCode = gpuReport;
  loadsAtOnce = true;
  loaded: ModelInfo | null = null;
  isWorkerGone = false;
  /** What deletes a file for it. */
  onDelete: (id: string) => Promise<void> = async () => undefined;
  readonly inspections: Blob[] = [];
  /** While false, each image waits for `finishReading`. */
  readsAtOnce = true;
  readonly #reading: (() => void)[] = [];
  readonly loads: ScriptedLoad[] = [];
  readonly answers: ScriptedAnswer[] = [];

  get lastLoad(): ScriptedLoad {
    return latest(this.loads, 'loadModel');
  }

  get lastAnswer(): ScriptedAnswer {
    return latest(this.answers, 'generate');
  }

  /** Ids of models that were stored without being loaded. */
  readonly storedForLater: string[] = [];
  storage: 'roomy' | 'full' = 'roomy';

  async probeDevice(): Promise<DeviceReport> {
    if (typeof this.device === 'string') throw errorOf(this.device);
    return this.device;
  }

  /** What a survey finds; of the kind that is in use, that. */
  surveyed: DeviceSurvey = {
    gpu: { report: gpuReport },
    processor: { report: processorReport },
  };
  surveys = 0;

  async surveyDevices(): Promise<DeviceSurvey> {
    this.surveys += 1;
    const inUse = typeof this.device === 'string' ? {} : { [this.device.kind]: { report: this.device } };
    return { ...this.surveyed, ...inUse };
  }

  readonly wishes: DeviceWish[] = [];

  async useDevice(wish: DeviceWish): Promise<void> {
    this.wishes.push(wish);
  }

  async loadModel(...[request, options]: Parameters<EngineClient['loadModel']>): Promise<ModelInfo> {
    const call = { ...request, ...options };
    if (call.signal?.aborted) throw errorOf('aborted');
    const load = new ScriptedLoad(this, call);
    this.loads.push(load);
    if (this.loadsAtOnce) load.finish();
    return load.pending.promise;
  }

  skips = 0;

  async skipTuning(): Promise<void> {
    this.skips += 1;
  }

  readonly plans: PlanModelRequest[] = [];
  /** What is wrong with the next model to be planned. */
  planRefusal: ErrorCode | null = null;

  /** As large as the context that is asked for. */
  async planModel(request: PlanModelRequest): Promise<ModelPlan> {
    this.plans.push(request);
    if (this.planRefusal) throw errorOf(this.planRefusal);
    return planOf(request);
  }

  readonly described: DescribeModelRequest[] = [];
  /** What is wrong with the next file to be described. */
  descriptionRefusal: ErrorCode | null = null;
  /** What files say of themselves, by the name of the first. */
  readonly descriptions = new Map<string, Partial<DescribedModel>>();

  /** A file that says nothing else is called by its own name. */
  async describeModel(request: DescribeModelRequest): Promise<DescribedModel> {
    this.described.push(request);
    if (this.descriptionRefusal) throw errorOf(this.descriptionRefusal);
    return descriptionOf(request, this.descriptions.get(nameOfSource(request.source)));
  }

  async storeModel({ id }: { id: string }): Promise<void> {
    if (this.storage === 'full') throw errorOf('storage-full');
    this.storedForLater.push(id);
  }

  async loadedModel(): Promise<ModelInfo | null> {
    if (this.isWorkerGone) throw errorOf('worker-died');
    return this.loaded;
  }

  #tellLost: (error: BedsideError) => void = () => undefined;

  onModelLost(hear: (error: BedsideError) => void): void {
    this.#tellLost = hear;
  }

  /** The GPU or the worker is gone, and the page is told. */
  loseModel(code: ErrorCode): void {
    this.loaded = null;
    this.#tellLost(errorOf(code));
  }

  async unloadModel(): Promise<void> {
    this.loaded = null;
  }

  /** A file whose name is an error's code is refused with it; every other name is another image. */
  async inspectImage(file: Blob): Promise<InspectedImage> {
    this.inspections.push(file);
    if (!this.readsAtOnce) await new Promise<void>(resolve => this.#reading.push(resolve));
    const name = file instanceof File ? file.name : 'blob';
    const refusal = errorCodes.find(code => code === name);
    if (refusal) throw errorOf(refusal);
    return { report: imageReportOf(name), blob: file };
  }

  readonly redactions: RedactImageRequest[] = [];
  /** What is wrong with the next image to be made black in places. */
  redactionRefusal: ErrorCode | null = null;

  /** What comes of it is called black.png, whatever it was. */
  async redactImage(request: RedactImageRequest): Promise<InspectedImage> {
    if (this.redactionRefusal) throw errorOf(this.redactionRefusal);
    this.redactions.push(request);
    return { report: imageReportOf('black.png'), blob: new Blob(['black.png'], { type: 'image/png' }) };
  }

  /** What comes of it is called blank.dcm, whatever it was. */
  async withoutIdentity(): Promise<InspectedImage> {
    return {
      report: imageReportOf('blank.dcm'),
      blob: new Blob(['blank.dcm'], { type: 'application/dicom' }),
    };
  }

  readonly measured: QuestionText[] = [];

  /** Every word is a token, and the template takes none. */
  async measureQuestion(question: QuestionText): Promise<QuestionMeasure | null> {
    this.measured.push(question);
    const tokens = question.text.split(/\s+/).filter(Boolean).length;
    return this.loaded && { tokens, isExact: true, contextTokens: this.loaded.contextTokens };
  }

  readonly shown: Parameters<EngineClient['showPrompt']>[0][] = [];
  /** What is wrong with the next prompt to be shown. */
  promptRefusal: ErrorCode | null = null;

  /** Each message between marks; every character is a token. */
  async showPrompt(request: Parameters<EngineClient['showPrompt']>[0]): Promise<PromptText | null> {
    this.shown.push(request);
    if (this.promptRefusal) throw errorOf(this.promptRefusal);
    return this.loaded && promptOf(request, this.loaded.contextTokens);
  }

  /** Of the images being read, the one that was begun first. */
  finishReading(): void {
    this.#reading.shift()?.();
  }

  async generate(...[request, options]: Parameters<EngineClient['generate']>): Promise<GenerateOutcome> {
    const call = { ...request, ...options };
    if (call.signal?.aborted) throw errorOf('aborted');
    const answer = new ScriptedAnswer(call);
    this.answers.push(answer);
    return answer.pending.promise;
  }

  readonly tests: ScriptedTest[] = [];

  get lastTest(): ScriptedTest {
    return latest(this.tests, 'testDevice');
  }

  async testDevice(...[request, options]: Parameters<EngineClient['testDevice']>): Promise<DeviceTestReport> {
    const test = new ScriptedTest({ ...request, ...options });
    this.tests.push(test);
    return test.pending.promise;
  }

  async deleteStoredModel(id: string): Promise<void> {
    await this.onDelete(id);
  }

  dispose(): void {
    this.loaded = null;
  }
}

function latest<T>(calls: T[], name: string): T {
  const call = calls.at(-1);
  if (!call) throw new Error(`${name} has not been called`);
  return call;
}
