import type { EngineDevice } from '../device/device.ts';
import type { Step } from '../device/dispatch.ts';
import type { DeviceBuffer } from '../device/memory.ts';
import { checkStep, contextFullError } from './check-step.ts';
import type { KvCache } from './tensors/kv-cache.ts';

interface InputBuffers {
  ids: DeviceBuffer;
  state: DeviceBuffer;
  lastState: DeviceBuffer;
}

/** What the launches of a step read of it: its tokens and where they stand. Written before each submit. */
export class StepInput {
  readonly #device: EngineDevice;
  readonly #buffers: InputBuffers;
  readonly #cache: Pick<KvCache, 'ring'>;
  readonly #limits: { vocabulary: number; contextTokens: number };

  constructor(
    device: EngineDevice,
    buffers: InputBuffers,
    cache: Pick<KvCache, 'ring'>,
    limits: { vocabulary: number; contextTokens: number },
  ) {
    this.#device = device;
    this.#buffers = buffers;
    this.#cache = cache;
    this.#limits = limits;
  }

  /**
   * A step of these tokens from `position` on.
   * @param isPicture whether they are one picture, whose tokens see each other in both directions
   * @throws `invalid-request` for ids that are no tokens or too many, `context-full` past the last position
   */
  write(ids: readonly number[], position: number, mostTokens: number, isPicture = false): Step {
    this.#device.check();
    checkStep(ids, position, { ...this.#limits, mostTokens });
    this.#device.write(this.#buffers.ids, 0, Uint32Array.from(ids));
    return this.#writeState({ position, tokens: ids.length }, isPicture);
  }

  /**
   * A step of the token that the device chose last.
   * @param id another one in its place
   * @throws `context-full` past the last position
   */
  writeOne(position: number, id: number | undefined): Step {
    const { contextTokens } = this.#limits;
    if (position >= contextTokens) throw contextFullError(contextTokens);
    if (id !== undefined) this.#device.write(this.#buffers.ids, 0, Uint32Array.of(id));
    return this.#writeState({ position, tokens: 1 }, false);
  }

  #writeState(step: Step, isPicture: boolean): Step {
    const { position, tokens } = step;
    this.#cache.ring?.noteStep(position, tokens);
    const { state, lastState } = this.#buffers;
    this.#device.write(state, 0, new Uint32Array([position, tokens, Number(isPicture)]));
    if (tokens > 1) this.#device.write(lastState, 0, new Uint32Array([position + tokens - 1, 1]));
    return step;
  }
}
