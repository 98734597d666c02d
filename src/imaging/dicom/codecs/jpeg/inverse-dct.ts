/** Fixed point: 13 bits of a constant. */
const constantBits = 13;
const fix = (value: number) => Math.round(value * 2 ** constantBits);
const c0298 = fix(0.298631336);
const c0390 = fix(0.390180644);
const c0541 = fix(0.5411961);
const c0765 = fix(0.765366865);
const c0899 = fix(0.899976223);
const c1175 = fix(1.175875602);
const c1501 = fix(1.50132111);
const c1847 = fix(1.847759065);
const c1961 = fix(1.96157056);
const c2053 = fix(2.053119869);
const c2562 = fix(2.562915447);
const c3072 = fix(3.072711026);

/**
 * The accurate integer inverse DCT of the Independent JPEG Group (Loeffler, Ligtenberg and Moschytz, "Practical fast 1-D DCT
 * algorithms with 11 multiplications", 1989), with its rounding: bit for bit what libjpeg gives.
 *
 * Of 64 coefficients at `from`, times `quantisation` (natural order), to `out` at `to` with `stride` samples a row. `precision`: 8 or 12.
 */
export function inverseDct(
  coefficients: Int16Array,
  from: number,
  quantisation: Int32Array,
  precision: number,
  out: Uint8Array | Uint16Array,
  to: number,
  stride: number,
): void {
  // Bits kept between the passes: of 12-bit samples fewer, so that 32 are enough.
  const keptBits = precision > 8 ? 1 : 2;
  for (let column = 0; column < 8; column++) {
    const at = from + column;
    const isConstant =
      (coefficients[at + 8]! |
        coefficients[at + 16]! |
        coefficients[at + 24]! |
        coefficients[at + 32]! |
        coefficients[at + 40]! |
        coefficients[at + 48]! |
        coefficients[at + 56]!) ===
      0;
    if (isConstant) {
      const value = (coefficients[at]! * quantisation[column]!) << keptBits;
      for (let i = column; i < 64; i += 8) work[i] = value;
      continue;
    }
    for (let i = 0; i < 8; i++) line[i] = coefficients[at + 8 * i]! * quantisation[column + 8 * i]!;
    transform(constantBits - keptBits);
    for (let i = 0; i < 8; i++) work[column + 8 * i] = line[i]!;
  }
  const middle = 1 << (precision - 1);
  const greatest = 2 * middle - 1;
  for (let row = 0; row < 8; row++) {
    for (let i = 0; i < 8; i++) line[i] = work[row * 8 + i]!;
    transform(constantBits + keptBits + 3);
    const start = to + row * stride;
    for (let i = 0; i < 8; i++) {
      const value = line[i]! + middle;
      out[start + i] = value < 0 ? 0 : value > greatest ? greatest : value;
    }
  }
}

const work = new Int32Array(64);
const line = new Float64Array(8);

/** Eight values of `line` in place, the results rounded and `shift` bits lower. */
function transform(shift: number): void {
  const half = 2 ** (shift - 1);
  // Even part.
  const z1 = (line[2]! + line[6]!) * c0541;
  const even2 = z1 - line[6]! * c1847;
  const even3 = z1 + line[2]! * c0765;
  const even0 = (line[0]! + line[4]!) * 8192;
  const even1 = (line[0]! - line[4]!) * 8192;
  const sum10 = even0 + even3;
  const sum13 = even0 - even3;
  const sum11 = even1 + even2;
  const sum12 = even1 - even2;
  // Odd part.
  const [y7, y5, y3, y1] = [line[7]!, line[5]!, line[3]!, line[1]!];
  const z5 = (y7 + y3 + y5 + y1) * c1175;
  const za = -(y7 + y1) * c0899;
  const zb = -(y5 + y3) * c2562;
  const zc = -(y7 + y3) * c1961 + z5;
  const zd = -(y5 + y1) * c0390 + z5;
  const odd0 = y7 * c0298 + za + zc;
  const odd1 = y5 * c2053 + zb + zd;
  const odd2 = y3 * c3072 + zb + zc;
  const odd3 = y1 * c1501 + za + zd;
  line[0] = (sum10 + odd3 + half) >> shift;
  line[7] = (sum10 - odd3 + half) >> shift;
  line[1] = (sum11 + odd2 + half) >> shift;
  line[6] = (sum11 - odd2 + half) >> shift;
  line[2] = (sum12 + odd1 + half) >> shift;
  line[5] = (sum12 - odd1 + half) >> shift;
  line[3] = (sum13 + odd0 + half) >> shift;
  line[4] = (sum13 - odd0 + half) >> shift;
}
