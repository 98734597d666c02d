import { deviceLostError, outOfMemoryError } from '../device/device-errors.ts';
import { BedsideError } from '../errors.ts';
import { sentence } from '../sentence.ts';
import { inWords } from '../thrown-in-words.ts';

/** Whether a GPUDevice is still there, and the first thing that went wrong on it. */
export class DeviceLife {
  /** Resolves when the device is lost for any reason but our own `end()`. */
  readonly lost: Promise<BedsideError>;
  #failure: BedsideError | undefined;
  #ended = false;

  constructor(gpu: GPUDevice) {
    this.lost = new Promise(resolve => {
      void gpu.lost.then(info => {
        if (this.#ended) return;
        const error = deviceLostError(info.message || info.reason);
        this.#failure = error;
        resolve(error);
      });
    });
    // A validation error means that a result somewhere is garbage: nothing computed after it may be shown.
    gpu.onuncapturederror = event => {
      this.#failure ??=
        event.error instanceof GPUOutOfMemoryError
          ? outOfMemoryError(event.error.message)
          : new BedsideError(
              'gpu-error',
              sentence`driver-error: The graphics driver reported an error, so the answer was stopped.`,
              'Load the model again. If it happens again, update the graphics driver or choose another device.',
              event.error.message,
            );
    };
  }

  get failed(): boolean {
    return this.#failure !== undefined;
  }

  /** Throws the first failure. */
  check(): void {
    if (this.#failure) throw this.#failure;
  }

  /** Maps a promise of the GPU (mapAsync, ...) to the device's own failure when it has one. */
  async guard<T>(promise: Promise<T>): Promise<T> {
    try {
      const value = await promise;
      this.check();
      return value;
    } catch (error) {
      if (error instanceof BedsideError) throw error;
      // A rejected map is the first sign of a loss; `lost` settles within the next tasks.
      const reason = await Promise.race([
        this.lost,
        new Promise<undefined>(resolve => setTimeout(() => resolve(undefined), 250)),
      ]);
      throw reason ?? this.#failure ?? deviceLostError(inWords(error));
    }
  }

  end(): void {
    this.#ended = true;
    this.#failure ??= deviceLostError('the device was closed');
  }
}
