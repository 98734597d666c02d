// Unpacked weights of four rows: for every four columns their quants, for every group a scale and an offset of each row.

/** Bytes that four columns of four rows take: a byte each for activations of T = i8, a half word for i16. */
@inline
export function weightStep<T>(): usize {
  return 16 * sizeof<T>();
}

@inline
export function storeQuad<T>(at: usize, quants: v128): void {
  if (sizeof<T>() == 1) {
    v128.store(at, quants);
  } else {
    v128.store(at, v128.and(quants, i16x8.splat(0xff)));
    v128.store(at, i16x8.shr_u(quants, 8), 16);
  }
}

/** Quants with a sign; i16 alone. */
@inline
export function storeSignedQuad(at: usize, quants: v128): void {
  v128.store(at, i16x8.shr_s(i16x8.shl(quants, 8), 8));
  v128.store(at, i16x8.shr_s(quants, 8), 16);
}

@inline
export function storeAffine(at: usize, scale: v128, offset: v128): void {
  v128.store(at, scale);
  v128.store(at, offset, 16);
}
