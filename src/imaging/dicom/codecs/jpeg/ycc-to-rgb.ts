/** Fixed point with 16 bits, as libjpeg has it. */
const fix = (value: number) => Math.floor(value * 65_536 + 0.5);
const half = 32_768;

/** YCbCr to RGB (JFIF) in place, a pixel's three samples beside one another, with the rounding of libjpeg. `bits`: 8 or 12. */
export function convertYccToRgb(pixels: Uint8Array | Uint16Array, bits: number): void {
  const centre = 2 ** (bits - 1);
  const greatest = 2 ** bits - 1;
  const red = new Int32Array(greatest + 1);
  const blue = new Int32Array(greatest + 1);
  const greenOfCr = new Int32Array(greatest + 1);
  const greenOfCb = new Int32Array(greatest + 1);
  for (let i = 0; i <= greatest; i++) {
    const x = i - centre;
    red[i] = (fix(1.402) * x + half) >> 16;
    blue[i] = (fix(1.772) * x + half) >> 16;
    greenOfCr[i] = -fix(0.71414) * x;
    greenOfCb[i] = -fix(0.34414) * x + half;
  }
  const limit = (value: number) => (value < 0 ? 0 : value > greatest ? greatest : value);
  for (let i = 0; i < pixels.length; i += 3) {
    const [y, cb, cr] = [pixels[i]!, pixels[i + 1]!, pixels[i + 2]!];
    pixels[i] = limit(y + red[cr]!);
    pixels[i + 1] = limit(y + ((greenOfCb[cb]! + greenOfCr[cr]!) >> 16));
    pixels[i + 2] = limit(y + blue[cb]!);
  }
}
