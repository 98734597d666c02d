import { crc32 } from '../../engine/formats/crc32.ts';

/** The beginning of every PNG file. */
export const pngSignature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

export interface Chunk {
  type: string;
  data: Uint8Array;
}

/** A whole file. */
export function joinChunks(chunks: readonly Chunk[]): Uint8Array<ArrayBuffer> {
  return join([pngSignature, ...chunks.map(frameChunk)]);
}

/** The pieces through a stream that packs or unpacks them. */
export async function* pump(
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  stream: CompressionStream | DecompressionStream,
): AsyncGenerator<Uint8Array> {
  const writer = stream.writable.getWriter();
  const reader = stream.readable.getReader();
  const writing = (async () => {
    for await (const piece of pieces) await writer.write(piece as Uint8Array<ArrayBuffer>);
    await writer.close();
  })();
  // Its failure is the reader's too, and is heard there.
  writing.catch(() => undefined);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield value;
    }
    await writing;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

export async function collect(pieces: AsyncGenerator<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return join(all);
}

function frameChunk({ type, data }: Chunk): Uint8Array<ArrayBuffer> {
  const framed = new Uint8Array(data.length + 12);
  const view = new DataView(framed.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) framed[4 + i] = type.charCodeAt(i);
  framed.set(data, 8);
  view.setUint32(data.length + 8, crc32(framed.subarray(4, data.length + 8)));
  return framed;
}

function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
