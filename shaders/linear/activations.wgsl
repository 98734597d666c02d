// The activations that one unit of a format's weights meets, as the dot products of formats/<format>-dot.wgsl take them.
//
// Composed before formats/<format>-dot.wgsl, which says how many there are (UNIT), where they lie (activation_at) and
// which of their sums it needs (sums_of).
struct Activations {
  x: array<vec4<f32>, UNIT / 4>,
  sums: vec4<f32>,
}

// Four bytes: signed numbers become floats in one instruction everywhere, unsigned ones do not.
fn floats(bytes: u32) -> vec4<f32> {
  return vec4<f32>(vec4<i32>(unpack4xU8(bytes)));
}
