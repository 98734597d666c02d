// How fast this device multiplies and adds in f32 when nothing is read: 8 independent chains an invocation, so that no
// chain waits for itself. Not a kernel of the engine.
//
// Geometry: workgroup of 128. An invocation does rounds * UNROLLED * 8 multiply-adds. The factors come from the host, so
// that no compiler can do the sum, and every result is written, so that none can leave it out.
struct Params {
  rounds: u32,
  factor: f32,
  addend: f32,
}

const UNROLLED: u32 = 16;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> results: array<f32>;

@compute @workgroup_size(128)
fn multiply_add(@builtin(global_invocation_id) id: vec3<u32>) {
  let factor = vec4(params.factor);
  let addend = vec4(params.addend);
  var a = vec4(f32(id.x)) + vec4(0.0, 1.0, 2.0, 3.0);
  var b = a + 4.0;
  for (var round = 0u; round < params.rounds; round++) {
    for (var i = 0u; i < UNROLLED; i++) {
      a = fma(a, factor, addend);
      b = fma(b, factor, addend);
    }
  }
  results[id.x] = dot(a, vec4(1.0)) + dot(b, vec4(1.0));
}
