import { BedsideError } from '../../engine/errors.ts';
import { sentence } from '../../engine/sentence.ts';
import { copyOnWhite, type DecodedImage, flattenOnWhite, orient } from '../../imaging/decode.ts';
import { decodeTiffImage } from '../../imaging/decode-tiff-image.ts';
import {
  damagedImage,
  EXPORT_AS_PNG,
  formatNames,
  unsupportedImage,
} from '../../imaging/formats/image-errors.ts';
import type { ImageHeader } from '../../imaging/formats/image-header.ts';
import { endOfJpeg } from '../../imaging/formats/jpeg-header.ts';
import { firstWebpFrame } from '../../imaging/formats/webp-first-frame.ts';
import { readImageHeader } from '../../imaging/read-image-header.ts';
import type { RgbImage } from '../../imaging/rgb-image.ts';
import { stretchIfDeep } from '../../imaging/stretch-if-deep.ts';

/** Straight RGBA: [height, width, 4]. */
interface RgbaPixels {
  width: number;
  height: number;
  data: Uint8Array | Uint8ClampedArray;
}

/**
 * Decodes an image file as the browser's worker does. JPEG is libjpeg's (accurate integer DCT, smooth chroma), bit for bit;
 * 16-bit PNG keeps the high byte, or is stretched. Fails as `readImageHeader` does, and with `damaged-image` where the pixels cannot be had.
 */
export async function decodeInNode(bytes: Uint8Array): Promise<DecodedImage> {
  const header = readImageHeader(bytes);
  if (header.format === 'tiff') return decodeTiffImage(bytes, header);
  const stretched = await stretchIfDeep(bytes, header);
  const shown = stretched ? stretched.file : bytes;
  const image = orient(await decodePixels(shown, readImageHeader(shown)), header.orientation);
  if (stretched)
    return { image, format: header.format, isAnimated: header.isAnimated, stretchedBits: stretched.bits };
  return { image, format: header.format, isAnimated: header.isAnimated };
}

async function decodePixels(bytes: Uint8Array, header: ImageHeader): Promise<RgbImage> {
  try {
    const rgba = await decodeRgba(bytes, header);
    if (header.format === 'webp' && header.isAnimated) return placeFirstFrame(rgba, bytes, header);
    const { width, height, data } = rgba;
    if (width !== header.width || height !== header.height) {
      throw damagedImage(header.format, sentence`pixels-do-not-fit-header: its pixels do not fit its header`);
    }
    return flattenOnWhite(data, width, height);
  } catch (error) {
    if (error instanceof BedsideError) throw error;
    throw damagedImage(
      header.format,
      sentence`pixels-cannot-be-decoded: its pixels cannot be decoded`,
      error,
    );
  }
}

/** Each decoder is loaded when the first image of its format comes: no other command pays for it. */
async function decodeRgba(bytes: Uint8Array, header: ImageHeader): Promise<RgbaPixels> {
  const { width, height } = header;
  switch (header.format) {
    case 'jpeg':
      return decodeJpeg(header.lacksEnd ? Buffer.concat([bytes, Uint8Array.from(endOfJpeg)]) : bytes);
    case 'png':
      return decodePng(bytes);
    case 'webp':
      return decodeWebp(header.isAnimated ? firstWebpFrame(bytes).file : bytes);
    case 'bmp': {
      const { decodeBmp } = await import('../../imaging/formats/decode-bmp.ts');
      return { width, height, data: decodeBmp(bytes) };
    }
    case 'gif': {
      const { decodeFirstGifFrame } = await import('../../imaging/formats/decode-gif.ts');
      return { width, height, data: decodeFirstGifFrame(bytes) };
    }
    case 'tiff':
      throw new Error('TIFF is decoded whole');
    case 'heic':
    case 'avif':
      throw unsupportedImage(
        sentence`heif-in-terminal: an image of a format (${{ format: formatNames[header.format] }}) that browsers decode, and the command line does not`,
        EXPORT_AS_PNG,
      );
  }
}

async function decodeJpeg(bytes: Uint8Array): Promise<RgbaPixels> {
  const [{ default: decode, init }, { default: wasm }] = await Promise.all([
    import('@jsquash/jpeg/decode.js'),
    import('@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm?url&inline'),
  ]);
  const complaints: string[] = [];
  // A new instance each time: after a failure one cannot be used again, and memory that it took is never given back.
  const instantiateWasm = instantiate(await compile(wasm));
  init({ instantiateWasm, printErr: (text: string) => complaints.push(text) });
  const pixels = await decode(toArrayBuffer(bytes), { preserveOrientation: false }).catch(
    (error: unknown) => {
      if (!complaints.some(text => text.includes('Unsupported color conversion'))) throw error;
      throw unsupportedImage(
        sentence`cmyk-jpeg: a JPEG image in the colours of printing (CMYK)`,
        EXPORT_AS_PNG,
        error,
      );
    },
  );
  // The decoder goes on, with made-up pixels. Stray bytes between segments, though, are harmless and common.
  const damage = complaints.find(text => /Corrupt JPEG data(?!.*extraneous)|Premature end/.test(text));
  if (damage)
    throw damagedImage('jpeg', sentence`pixels-are-missing: some of its pixels are missing`, damage);
  return pixels;
}

async function decodePng(bytes: Uint8Array): Promise<RgbaPixels> {
  const [{ default: decode, init }, { default: wasm }] = await Promise.all([
    import('@jsquash/png/decode.js'),
    import('@jsquash/png/codec/pkg/squoosh_png_bg.wasm?url&inline'),
  ]);
  await init(await compile(wasm));
  return decode(toArrayBuffer(bytes));
}

async function decodeWebp(bytes: Uint8Array): Promise<RgbaPixels> {
  const [{ default: decode, init }, { default: wasm }] = await Promise.all([
    import('@jsquash/webp/decode.js'),
    import('@jsquash/webp/codec/dec/webp_dec.wasm?url&inline'),
  ]);
  init({ instantiateWasm: instantiate(await compile(wasm)) });
  return decode(toArrayBuffer(bytes));
}

/** Emscripten's hook for a module that is compiled already. */
function instantiate(module: WebAssembly.Module) {
  return (imports: WebAssembly.Imports, use: (instance: WebAssembly.Instance) => void) => {
    const instance = new WebAssembly.Instance(module, imports);
    use(instance);
    return instance.exports;
  };
}

const compiled = new Map<string, Promise<WebAssembly.Module>>();

/** `dataUrl`: base64, as the bundler inlines a file. */
function compile(dataUrl: string): Promise<WebAssembly.Module> {
  let module = compiled.get(dataUrl);
  if (!module) {
    module = WebAssembly.compile(Buffer.from(dataUrl.slice(dataUrl.indexOf(',') + 1), 'base64'));
    compiled.set(dataUrl, module);
  }
  return module;
}

/** A file's bytes in a buffer of their own: Node's share one with others. */
function toArrayBuffer(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

function placeFirstFrame(frame: RgbaPixels, bytes: Uint8Array, { width, height }: ImageHeader): RgbImage {
  const { left, top } = firstWebpFrame(bytes);
  if (left + frame.width > width || top + frame.height > height) {
    throw damagedImage('webp', sentence`first-picture-does-not-fit: its first picture does not fit it`);
  }
  const image = { width, height, data: new Uint8Array(width * height * 3).fill(255) };
  copyOnWhite(frame.data, { left, top, width: frame.width, height: frame.height }, image);
  return image;
}
