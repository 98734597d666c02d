import type { EngineDevice } from '../../engine/device/device.ts';
import { BedsideError } from '../../engine/errors.ts';
import { describeAdapter } from '../../engine/gpu/adapter.ts';
import { acquireDevice } from '../../engine/gpu/device.ts';
import { acquireProcessor } from '../../engine/processor/acquire-processor.ts';
import type { ProcessorDevice } from '../../engine/processor/device.ts';
import type { DeviceReport, ProcessorFacts } from '../../engine/types/device.ts';
import type { ActivationBits, DeviceWish } from '../../engine/types/device-choice.ts';
import { BorrowedHelpers } from './borrowed-helpers.ts';

/** Two timings of the same processor differ by a few percent. */
const newsFactor = 1.1;

/** The two devices that a browser may have: its GPU, and the processor. */
export class BrowserDevices {
  readonly #gpu: GPU | undefined;
  #helpers: BorrowedHelpers | undefined;
  /** By what they compute with: looked at once, because the threads are timed for it. */
  readonly #described = new Map<ActivationBits, Promise<DeviceReport>>();
  #processor: ProcessorDevice | undefined;
  #isHidden = false;
  /** There was a real GPU: one that is missing later is being started anew, and is worth waiting for. */
  #hadGpu = false;

  /** @param gpu undefined where the browser has no WebGPU */
  constructor(gpu: GPU | undefined) {
    this.#gpu = gpu;
  }

  /** Of a page that is isolated from other origins: only there may threads share memory. */
  lendHelpers(page: MessagePort): void {
    this.#helpers = new BorrowedHelpers(page, isHidden => {
      this.#isHidden = isHidden;
      this.#spareThreads();
    });
  }

  /**
   * What `acquire` opens. By itself ('auto') that is a GPU; where there is none, or one that is software, the processor; and what
   * passes for a GPU only where the processor cannot be had. A GPU that was there before and is not now is said to be missing: the
   * next answer does not come from elsewhere unasked. Throws what `describeAdapter` throws, or 'no-processor'.
   */
  async describe(wish: DeviceWish): Promise<DeviceReport> {
    if (wish.device === 'processor') return this.#describeProcessor(wish);
    if (wish.device === 'gpu') return describeAdapter(this.#gpu);
    const gpu = await describeAdapter(this.#gpu).catch(onlyErrors);
    if (!(gpu instanceof BedsideError) && !gpu.isSoftware) {
      this.#hadGpu = true;
      return gpu;
    }
    if (this.#hadGpu && gpu instanceof BedsideError) throw gpu;
    const processor = await this.#describeProcessor(wish).catch(onlyErrors);
    if (!(processor instanceof BedsideError)) return processor;
    if (!(gpu instanceof BedsideError)) return gpu;
    throw processor.reason === 'host-forbids-webassembly' ? processor : gpu;
  }

  async acquire(wish: DeviceWish): Promise<EngineDevice> {
    const { kind } = await this.describe(wish);
    if (kind === 'gpu') return acquireDevice(this.#gpu);
    const { processor } = await this.#describeProcessor(wish);
    this.#processor = await this.#openProcessor(wish, processor);
    this.#spareThreads();
    return this.#processor;
  }

  /**
   * Times the processor that a wish opens once more, with the threads of the one in use, which is left as it is. Whatever else ran
   * on the machine before has only taken away.
   * @returns whether it proved faster by so much that a judgement may change
   */
  async measureAgain(wish: DeviceWish): Promise<boolean> {
    const used = this.#processor?.failed ? undefined : this.#processor;
    const { processor: known } = used?.report ?? (await this.describe(wish));
    if (!known) return false;
    const measured = await this.#openProcessor(wish, undefined, used && known.threads);
    measured.destroy();
    const { rates } = measured.report.processor!;
    if (rates.weightsPerSecond < newsFactor * known.rates.weightsPerSecond) return false;
    this.#described.delete(wish.activationBits);
    if (used) used.noteRates(rates);
    else this.#described.set(wish.activationBits, Promise.resolve(measured.report));
    return true;
  }

  #describeProcessor(wish: DeviceWish): Promise<DeviceReport> {
    const known = this.#described.get(wish.activationBits);
    if (known) return known;
    const described = this.#openProcessor(wish).then(processor => {
      processor.destroy();
      return processor.report;
    });
    this.#described.set(wish.activationBits, described);
    described.catch(() => this.#described.delete(wish.activationBits));
    return described;
  }

  /** `known`: what was measured before. `count`: threads; without it those that are of use. */
  #openProcessor(
    { activationBits }: DeviceWish,
    known?: ProcessorFacts,
    count?: number,
  ): Promise<ProcessorDevice> {
    const lent = this.#helpers;
    const threads = lent
      ? { startHelper: () => lent.start(), mostThreads: navigator.hardwareConcurrency }
      : { oneThreadBecause: 'page-not-isolated' as const };
    const { oneThreadBecause } = known ?? {};
    return acquireProcessor({
      ...threads,
      ...(oneThreadBecause && { oneThreadBecause }),
      activationBits,
      known,
      threads: lent && count,
    });
  }

  /** Where nobody looks, whatever else runs on the machine is of more use to the reader than a fast answer. */
  #spareThreads(): void {
    const threads = this.#processor?.report.processor?.threads ?? 1;
    this.#processor?.setThreads(this.#isHidden ? Math.ceil(threads / 2) : threads);
  }
}

/** What is no error of ours is a fault, and no reason to choose. */
function onlyErrors(thrown: unknown): BedsideError {
  if (thrown instanceof BedsideError) return thrown;
  throw thrown;
}
