// Q8_0, 32 weights times 32 activations. Composed with plain-dot.wgsl.
fn dot_unit(unit: u32, a: Activations) -> f32 {
  let first = quants[2 * unit];
  let second = quants[2 * unit + 1];
  let sum = dot(vec4<f32>(unpack4xI8(first.x)), a.x[0]) + dot(vec4<f32>(unpack4xI8(first.y)), a.x[1])
    + dot(vec4<f32>(unpack4xI8(first.z)), a.x[2]) + dot(vec4<f32>(unpack4xI8(first.w)), a.x[3])
    + dot(vec4<f32>(unpack4xI8(second.x)), a.x[4]) + dot(vec4<f32>(unpack4xI8(second.y)), a.x[5])
    + dot(vec4<f32>(unpack4xI8(second.z)), a.x[6]) + dot(vec4<f32>(unpack4xI8(second.w)), a.x[7]);
  return sum * block_scale(unit);
}
