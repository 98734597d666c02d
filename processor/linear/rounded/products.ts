// The products of four rows with rounded activations, whatever the format.
import { binding } from '../../record';
import { FORMAT_Q4_0, FORMAT_Q4_K, FORMAT_Q6_K, FORMAT_Q8_0 } from '../formats/names';
import { activationsEnd, sharedAt, stepsAt } from './activations';
import { fourQ40 } from './q4_0';
import { fourQ4K } from './q4_k';
import { fourQ6K } from './q6_k';
import { fourQ80 } from './q8_0';
import { fourUnpacked } from './unpacked';

/** Whether quads have bytes: where the instruction for them is. */
@inline
export function isNarrow(bits: i32): bool {
  return ASC_FEATURE_RELAXED_SIMD ? bits == 8 : false;
}

/** Rows 4 `four` to 4 `four` + 3 of this record's matrix, with the activations at `quads`. */
export function dotFour(format: i32, bits: i32, record: usize, four: i32, columns: i32, quads: usize): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) {
    if (bits == 8) return dotFourOf<i8>(format, record, four, columns, quads);
  }
  return dotFourOf<i16>(format, record, four, columns, quads);
}

@inline
function dotFourOf<T>(format: i32, record: usize, four: i32, columns: i32, quads: usize): v128 {
  const p0 = binding(record, 3);
  const p1 = binding(record, 4);
  const steps = stepsAt(quads, columns);
  const shared = sharedAt(quads, columns);
  switch (format) {
    case FORMAT_Q4_0:
      return fourQ40<T>(p0, p1, four, columns, quads, steps, shared);
    case FORMAT_Q4_K:
      return fourQ4K<T>(p0, p1, four, columns, quads, steps, shared);
    case FORMAT_Q6_K:
      return fourQ6K<T>(p0, p1, binding(record, 5), binding(record, 6), four, columns, quads, steps, shared);
    case FORMAT_Q8_0:
      if (sizeof<T>() == 2) return fourQ80(p0, p1, four, columns, quads, steps);
      return unreachable();
    default: {
      const room = activationsEnd(quads, columns);
      return fourUnpacked<T>(format, record, four, columns, quads, steps, shared, room);
    }
  }
}
