import type { Block } from './decode.ts';

type Rgba = Uint8Array | Uint8ClampedArray;

/** A bitmap whose pixels can be had, block by block. */
export interface OpenBitmap {
  /** Straight RGBA of a block that lies inside the bitmap and has at most `blockSide` pixels a side. */
  read(block: Block): Rgba | Promise<Rgba>;
  close(): void;
}

/** One way from an ImageBitmap to its pixels. Gives undefined where the browser does not offer it. */
export type PixelReader = (bitmap: ImageBitmap) => OpenBitmap | undefined;

/** Pixels; 16 MiB of RGBA, which every browser gives a canvas or a texture. */
export const blockSide = 2048;

/**
 * Opaque, on white: canvases keep colours premultiplied, so straight ones would come back rounded twice, while
 * c * a + 255 * (1 - a) has the rounding of c * a alone.
 */
export const readThroughCanvas: PixelReader = bitmap => {
  const canvas = new OffscreenCanvas(Math.min(bitmap.width, blockSide), Math.min(bitmap.height, blockSide));
  const context = canvas.getContext('2d', { willReadFrequently: true, colorSpace: 'srgb' });
  if (!context) return undefined;
  context.imageSmoothingEnabled = false;
  context.fillStyle = 'white';
  return {
    read({ left, top, width, height }) {
      context.fillRect(0, 0, width, height);
      context.drawImage(bitmap, left, top, width, height, 0, 0, width, height);
      return context.getImageData(0, 0, width, height).data;
    },
    close() {
      canvas.width = 0;
    },
  };
};

/** A texture keeps straight alpha as the bitmap has it. */
export const readThroughWebgl: PixelReader = bitmap => {
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2');
  if (!gl || gl.getParameter(gl.MAX_TEXTURE_SIZE) < blockSide) return undefined;
  gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
  gl.bindFramebuffer(gl.FRAMEBUFFER, gl.createFramebuffer());
  gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false);
  gl.pixelStorei(gl.UNPACK_COLORSPACE_CONVERSION_WEBGL, gl.NONE);
  return {
    async read({ left, top, width, height }) {
      const block = await createImageBitmap(bitmap, left, top, width, height, rawPixels);
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, width, height, 0, gl.RGBA, gl.UNSIGNED_BYTE, block);
      block.close();
      gl.framebufferTexture2D(
        gl.FRAMEBUFFER,
        gl.COLOR_ATTACHMENT0,
        gl.TEXTURE_2D,
        gl.getParameter(gl.TEXTURE_BINDING_2D),
        0,
      );
      const rgba = new Uint8Array(width * height * 4);
      gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, rgba);
      return rgba;
    },
    close() {
      gl.getExtension('WEBGL_lose_context')?.loseContext();
    },
  };
};

/** A video frame gives its bytes without a canvas, which fingerprinting protections may leave alone. */
export const readThroughVideoFrame: PixelReader = bitmap => {
  if (typeof VideoFrame === 'undefined') return undefined;
  const frame = new VideoFrame(bitmap, { timestamp: 0, alpha: 'keep' });
  return {
    async read({ left, top, width, height }) {
      const rgba = new Uint8Array(width * height * 4);
      const rect = { x: left, y: top, width, height };
      await frame.copyTo(rgba, { rect, format: 'RGBA', layout: [{ offset: 0, stride: width * 4 }] });
      return rgba;
    },
    close() {
      frame.close();
    },
  };
};

/** Of createImageBitmap: pixel values as they are stored. */
export const rawPixels: ImageBitmapOptions = { colorSpaceConversion: 'none', premultiplyAlpha: 'none' };
