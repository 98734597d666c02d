/** The formats by their numbers. */
export const FORMAT_F32: i32 = 0;
export const FORMAT_F16: i32 = 1;
export const FORMAT_Q4_0: i32 = 2;
export const FORMAT_Q8_0: i32 = 3;
export const FORMAT_Q4_K: i32 = 4;
export const FORMAT_Q6_K: i32 = 5;
export const FORMAT_BF16: i32 = 6;
export const FORMAT_Q4_1: i32 = 7;
export const FORMAT_Q5_0: i32 = 8;
export const FORMAT_Q5_1: i32 = 9;
export const FORMAT_Q2_K: i32 = 10;
export const FORMAT_Q3_K: i32 = 11;
export const FORMAT_Q5_K: i32 = 12;
export const FORMAT_IQ4_NL: i32 = 13;
export const FORMAT_IQ4_XS: i32 = 14;

/** Weights of a unit, in which the host counts a row's length. */
export function unitOf(format: i32): i32 {
  switch (format) {
    case FORMAT_Q2_K:
    case FORMAT_Q3_K:
    case FORMAT_Q4_K:
    case FORMAT_Q5_K:
    case FORMAT_Q6_K:
      return 64;
    default:
      return 32;
  }
}

/** Weights that share a scale, of the formats of unpacked.ts. */
@inline
export function unpackedGroup(format: i32): i32 {
  return format == FORMAT_Q2_K || format == FORMAT_Q3_K ? 16 : 32;
}

/** Whether the numbers of a format of unpacked.ts have a sign; the others are from 0 to 127. */
@inline
export function isSigned(format: i32): bool {
  return format == FORMAT_IQ4_NL || format == FORMAT_IQ4_XS;
}
