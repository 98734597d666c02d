// Up to four numbers, where a row, or the rows of a matrix, may end.

/** The first of four numbers, zero behind them. */
@inline
export function loadSome(at: usize, count: i32): v128 {
  if (count >= 4) return v128.load(at);
  let some = v128.load32_zero(at);
  if (count > 1) some = v128.load32_lane(at + 4, some, 1);
  if (count > 2) some = v128.load32_lane(at + 8, some, 2);
  return some;
}

@inline
export function storeSome(at: usize, four: v128, count: i32): void {
  if (count >= 4) {
    v128.store(at, four);
    return;
  }
  v128.store32_lane(at, four, 0);
  if (count > 1) v128.store32_lane(at + 4, four, 1);
  if (count > 2) v128.store32_lane(at + 8, four, 2);
}
