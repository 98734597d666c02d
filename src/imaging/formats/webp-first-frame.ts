import { sentence } from '../../engine/sentence.ts';
import { BoundedBytes } from './bounded-bytes.ts';
import { damagedImage } from './image-errors.ts';
import { topWebpChunks, webpChunks } from './webp-header.ts';

/** A still WebP file made of an animation's first frame, and where on the screen that frame goes, in pixels. */
export interface WebpFrame {
  file: Uint8Array;
  left: number;
  top: number;
}

const riffHeaderBytes = 12;
const extendedHeaderBytes = 18;
/** Of a frame's own header (RFC 9649, section 2.7.1.1): place, size, duration, flags. */
const frameHeaderBytes = 16;

/** Of an animated file; its still decoders take single images only. */
export function firstWebpFrame(file: Uint8Array): WebpFrame {
  const bytes = new BoundedBytes(file, 'webp');
  for (const { name, start, end } of topWebpChunks(bytes)) {
    if (name !== 'ANMF') continue;
    bytes.require(start, frameHeaderBytes);
    if (start + frameHeaderBytes > end) break;
    // Stored halved: a frame's corner always has even coordinates.
    const left = (bytes.u32(start, true) & 0xffffff) * 2;
    const top = (bytes.u32(start + 2, true) >>> 8) * 2;
    const content = file.subarray(start + frameHeaderBytes, end);
    const hasAlphaPlane = [...webpChunks(bytes, start + frameHeaderBytes, end)].some(
      chunk => chunk.name === 'ALPH',
    );
    return { file: wrap(content, hasAlphaPlane, file.subarray(start + 6, start + 12)), left, top };
  }
  throw damagedImage('webp', sentence`has-no-pixels: it has no pixels`);
}

/** `size`: width and height less one, 24 bits each, as the frame's header and the extended header both have them. */
function wrap(content: Uint8Array, hasAlphaPlane: boolean, size: Uint8Array): Uint8Array {
  const contentAt = riffHeaderBytes + (hasAlphaPlane ? extendedHeaderBytes : 0);
  const file = new Uint8Array(contentAt + content.length);
  const view = new DataView(file.buffer);
  writeText(file, 0, 'RIFF');
  view.setUint32(4, file.length - 8, true);
  writeText(file, 8, 'WEBP');
  if (hasAlphaPlane) {
    writeText(file, riffHeaderBytes, 'VP8X');
    view.setUint32(riffHeaderBytes + 4, 10, true);
    view.setUint8(riffHeaderBytes + 8, 0x10);
    file.set(size, riffHeaderBytes + 12);
  }
  file.set(content, contentAt);
  return file;
}

function writeText(file: Uint8Array, at: number, text: string): void {
  for (let i = 0; i < text.length; i++) file[at + i] = text.charCodeAt(i);
}
