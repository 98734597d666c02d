// What a thread is told of one launch: a record of 128 bytes in the shared memory, written once by the host
// (src/engine/processor/launch-record.ts) and read by every thread at every submit.
//   word 0: the kernel; words 2..9: its constants, whose meaning is the kernel's; from byte 40: the address and the bytes of
//   each binding, by the numbers of the kernel's shader (shaders/); 10 is the room for packed activations (linear/pack.ts).

/** Bytes of a record. */
export const RECORD_BYTES: i32 = 128;
export const RECORD_CONSTANTS: i32 = 8;
export const RECORD_BINDINGS: i32 = 40;
export const PACKED_BINDING: i32 = 10;

@inline
export function kernelOf(record: usize): i32 {
  return load<i32>(record);
}

@inline
export function constant(record: usize, index: i32): i32 {
  return load<i32>(record + RECORD_CONSTANTS + 4 * index);
}

/** Address of a binding. */
@inline
export function binding(record: usize, index: i32): usize {
  return load<u32>(record + RECORD_BINDINGS + 8 * index);
}

/** Bytes of a binding. */
@inline
export function bindingBytes(record: usize, index: i32): u32 {
  return load<u32>(record + RECORD_BINDINGS + 8 * index, 4);
}

/** A word of the kernel's parameters, as the `Params` of its shader says. */
@inline
export function param(record: usize, index: i32): i32 {
  return load<i32>(binding(record, 0) + 4 * index);
}

@inline
export function floatParam(record: usize, index: i32): f32 {
  return load<f32>(binding(record, 0) + 4 * index);
}

/** The step's first position. */
@inline
export function stepPosition(record: usize): i32 {
  return load<i32>(binding(record, 7));
}

/** The step's tokens. */
@inline
export function stepTokens(record: usize): i32 {
  return load<i32>(binding(record, 7), 4);
}

/** Whether the step is one picture, whose tokens see each other in both directions: of kernels whose state says it. */
@inline
export function stepIsWhole(record: usize): bool {
  return load<i32>(binding(record, 7), 8) != 0;
}

@inline
export function ceilDiv(a: i32, b: i32): i32 {
  return (a + b - 1) / b;
}
