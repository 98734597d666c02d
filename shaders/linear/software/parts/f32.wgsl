// F32: one part of a unit.
struct Part {
  low: vec4<f32>,
  high: vec4<f32>,
}

fn load_part(unit: u32, part: u32) -> Part {
  return Part(weights[8 * unit + part], weights[8 * unit + 4 + part]);
}

fn part_weights(u: Unit, p: Part, half: u32) -> vec4<f32> {
  if (half == 0) {
    return p.low;
  }
  return p.high;
}
