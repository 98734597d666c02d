import { type ErrorData, toErrorData } from '../../engine/errors.ts';

/** comlink would flatten a thrown error to its text; a result keeps code and advice. */
export type Result<T> = { ok: true; value: T } | { ok: false; error: ErrorData };

/** Runs and reports the outcome as data, whatever is thrown. */
export async function resultOf<T>(run: () => Promise<T>): Promise<Result<T>> {
  try {
    return { ok: true, value: await run() };
  } catch (thrown) {
    return { ok: false, error: toErrorData(thrown) };
  }
}
