import { BedsideError } from '../../engine/errors.ts';
import { sentence } from '../../engine/sentence.ts';

export function unknownSize(): BedsideError {
  return new BedsideError(
    'network',
    sentence`server-tells-no-size: The server does not say how large the file is.`,
    'Fetch the file in another way, then add it from disk.',
  );
}

export function otherSize(found: number, expected: number): BedsideError {
  return new BedsideError(
    'wrong-hash',
    sentence`file-of-another-size: The file on the server is not the model that was expected: its size is another one.`,
    'Do not use it. If it lasts, tell whoever runs this site.',
    `${found} bytes instead of ${expected}`,
  );
}

export function endedShort(): BedsideError {
  return new BedsideError(
    'network',
    sentence`connection-broke-before-end: The connection broke before the end of the file.`,
    'Try again: what was verified is kept. This server cannot send parts, so that each attempt reads it from the beginning.',
  );
}

export function brokenDisk(cause: string): BedsideError {
  return new BedsideError(
    'storage-unavailable',
    sentence`device-damages-model: This device damages the model each time it is stored.`,
    'Its disk or its browser profile may be broken. Open the model from a file on another drive.',
    cause,
  );
}
