/** The body of an answer, piece by piece, through one small buffer where the browser allows it. */

/** Refilled by each read: a fresh array for each piece costs the processor more than receiving it. */
const transitBytes = 1024 * 1024;

export interface BodyReader {
  /** The next bytes, valid until the next read; undefined at the end. */
  read(): Promise<Uint8Array | undefined>;
  /** Not waited for: a stalled connection would not answer. */
  cancel(): void;
}

export function readBody(body: ReadableStream<Uint8Array>): BodyReader {
  return intoOneBuffer(body) ?? intoFreshArrays(body);
}

/** Undefined where the browser does not fill a buffer of the reader's. */
function intoOneBuffer(body: ReadableStream<Uint8Array>): BodyReader | undefined {
  let reader: ReadableStreamBYOBReader;
  try {
    reader = body.getReader({ mode: 'byob' });
  } catch {
    return undefined;
  }
  let transit = new ArrayBuffer(transitBytes);
  return {
    async read() {
      // The stream takes the buffer and gives it back. With a broken line it is gone, which is why no chunk is read into.
      const { value } = await reader.read(new Uint8Array(transit));
      if (!value?.length) return undefined;
      transit = value.buffer;
      return value;
    },
    cancel: () => void reader.cancel().catch(ignore),
  };
}

function intoFreshArrays(body: ReadableStream<Uint8Array>): BodyReader {
  const reader = body.getReader();
  return {
    read: async () => (await reader.read()).value,
    cancel: () => void reader.cancel().catch(ignore),
  };
}

const ignore = () => undefined;
