import { abortedError, BedsideError } from '../engine/errors.ts';
import { inBytes, sentence } from '../engine/sentence.ts';

export function wrongHash(): BedsideError {
  return new BedsideError(
    'wrong-hash',
    sentence`chunk-has-another-hash: A part of the file is not what it should be: its SHA-256 is another one.`,
    'Try again. If it happens again, the file was changed or is damaged where it comes from: do not use it.',
  );
}

/** The publisher's SHA-256 of the whole file against what came: no chunk is known to be the wrong one, so none counts. */
export function otherFile(found: string, expected: string): BedsideError {
  const beginning = (hash: string) => `${hash.slice(0, 12).toLowerCase()}…`;
  return new BedsideError(
    'wrong-hash',
    sentence`file-has-another-hash: The file is not the one that was expected: its SHA-256 begins with ${{ found: beginning(found) }}, and ${{ expected: beginning(expected) }} was expected.`,
    'Nothing of it was kept. Compare the expected SHA-256 with the one that the publisher names. Where it is right, try again; ' +
      'if it happens again, the file on the server was changed or is damaged: do not use it.',
    `SHA-256 ${found} instead of ${expected}`,
  );
}

export function damagedCopy(cause: string): BedsideError {
  return new BedsideError(
    'wrong-hash',
    sentence`stored-model-is-damaged: The copy of this model stored on this device is damaged.`,
    'Load the model again: the damaged copy is not used, and it will be fetched again.',
    cause,
  );
}

/** Written, read back, and not the same: nothing on this disk can be trusted. */
export function notAsWritten(cause: string): BedsideError {
  return new BedsideError(
    'storage-unavailable',
    sentence`model-not-kept-as-written: This device did not keep the model as it was written.`,
    'Its disk or its browser profile may be damaged. What was verified is kept; try again, or open the model from a file.',
    cause,
  );
}

/** Waits for bytes. Whatever a stream throws, other than our own errors, is a connection that broke. */
export async function receive<T>(fill: () => Promise<T>, done: number, total: number): Promise<T> {
  try {
    return await fill();
  } catch (thrown) {
    if (thrown instanceof BedsideError) throw thrown;
    if (thrown instanceof Error && thrown.name === 'AbortError') throw abortedError();
    throw new BedsideError(
      'network',
      sentence`connection-broke-after: The connection broke after ${{ doneBytes: inBytes(done) }} of ${{ totalBytes: inBytes(total) }}.`,
      'Check the connection and try again: what has arrived is kept.',
      thrown,
    );
  }
}

export function endedEarly(done: number, total: number): BedsideError {
  return new BedsideError(
    'network',
    sentence`download-ended-early: The download ended early, after ${{ doneBytes: inBytes(done) }} of ${{ totalBytes: inBytes(total) }}.`,
    'Check the connection and try again: what has arrived is kept.',
  );
}
