import type { Page, Worker } from 'playwright-core';
import { prepareWorkers } from './prepared-workers.ts';

/** What a test can do to the GPU of a page's engine. */
interface Fragile {
  /** Destroy the device at the n-th write to it (0: never). */
  loseAtWrite?: number;
  /** And once more at every n-th write after it. */
  losesAgain?: boolean;
  /** Destroy the device when the n-th launch from now is recorded. */
  loseAtEncoder?: number;
  /** Let nothing that was submitted end. */
  holdsWork?: boolean;
  /** Read so many more things back, each token is one, and then wait. */
  readsLeft?: number;
}

/**
 * Makes the workers of a page, those to come as well, do as `whenBorn` and `arm` say. To be made before the page goes
 * anywhere: no message reaches a worker before it is prepared.
 */
export class FragileWorkers {
  #listening: () => Worker[] = () => [];
  /** What a worker is armed with from its first moment. */
  whenBorn: Fragile = {};

  static async of(page: Page): Promise<FragileWorkers> {
    const workers = new FragileWorkers();
    workers.#listening = await prepareWorkers(page, worker => workers.#prepare(worker));
    return workers;
  }

  async arm(fragile: Fragile): Promise<void> {
    await this.#each(worker => worker.evaluate(armed => void Object.assign(globalThis, armed), fragile));
  }

  /** The GPU is gone now, whatever it does. */
  async loseDevice(): Promise<void> {
    await this.#each(worker =>
      worker.evaluate(() => (globalThis as { testDevice?: GPUDevice }).testDevice?.destroy()),
    );
  }

  /** An error that nobody catches ends a worker. */
  async kill(): Promise<void> {
    await this.#each(worker =>
      worker.evaluate(() => {
        setTimeout(() => {
          throw new Error('killed by the test');
        });
      }),
    );
  }

  async #each(act: (worker: Worker) => Promise<unknown>): Promise<void> {
    // One that has just ended cannot be asked any more.
    await Promise.all(this.#listening().map(worker => act(worker).catch(() => undefined)));
  }

  async #prepare(worker: Worker): Promise<void> {
    await worker.evaluate(born => {
      const state = Object.assign(globalThis as Fragile & { testDevice?: GPUDevice }, born);
      const { requestDevice } = GPUAdapter.prototype;
      GPUAdapter.prototype.requestDevice = async function (...args) {
        state.testDevice = await requestDevice.apply(this, args);
        return state.testDevice;
      };
      const { writeBuffer, onSubmittedWorkDone } = GPUQueue.prototype;
      GPUQueue.prototype.writeBuffer = function (...args: Parameters<typeof writeBuffer>) {
        if (state.loseAtWrite && --state.loseAtWrite === 0) {
          state.testDevice?.destroy();
          if (state.losesAgain) state.loseAtWrite = 20;
        }
        return writeBuffer.apply(this, args);
      };
      GPUQueue.prototype.onSubmittedWorkDone = async function () {
        await onSubmittedWorkDone.apply(this);
        while (state.holdsWork) await new Promise(resolve => setTimeout(resolve, 20));
        return undefined;
      };
      const { mapAsync } = GPUBuffer.prototype;
      GPUBuffer.prototype.mapAsync = async function (...args) {
        if (state.readsLeft !== undefined) state.readsLeft--;
        while ((state.readsLeft ?? 0) < 0) await new Promise(resolve => setTimeout(resolve, 20));
        await mapAsync.apply(this, args);
        return undefined;
      };
      const { createCommandEncoder } = GPUDevice.prototype;
      GPUDevice.prototype.createCommandEncoder = function (...args) {
        if (state.loseAtEncoder && --state.loseAtEncoder === 0) this.destroy();
        return createCommandEncoder.apply(this, args);
      };
    }, this.whenBorn);
  }
}
