import type { ErrorData } from '../../../client/index.ts';

/** Beside the field or button that it is about. */
export function AdditionError({ error }: { error: ErrorData | null }) {
  if (!error) return null;
  return (
    <p className="field-error" role="alert" data-code={error.code} data-reason={error.reason}>
      {error.message} {error.advice}
    </p>
  );
}
