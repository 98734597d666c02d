import { toErrorData } from '../../engine/errors.ts';
import type { Result } from '../engine/engine-messages.ts';

/** Runs and reports the outcome as data, whatever is thrown. */
export async function resultOf<T>(run: () => Promise<T>): Promise<Result<T>> {
  try {
    return { ok: true, value: await run() };
  } catch (thrown) {
    return { ok: false, error: toErrorData(thrown) };
  }
}
