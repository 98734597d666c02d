// out[i] = the exclusive or of all words whose vec4 lies at i, i + invocations, i + 2 * invocations, ...: how fast this device's
// memory can be read. Not a kernel of the engine: what a product could reach at best.
//
// Bindings: 0 words, any buffer of whole vec4s; 1 out, one u32 an invocation.
// Geometry: workgroups of 128 over one dimension, as many as the host likes; each invocation walks the buffer in steps of all of them.
// Numerics: exact.
@group(0) @binding(0) var<storage, read> words: array<vec4<u32>>;
@group(0) @binding(1) var<storage, read_write> out: array<u32>;

@compute @workgroup_size(128)
fn sum_words(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) workgroups: vec3<u32>) {
  let stride = workgroups.x * 128;
  let count = arrayLength(&words);
  var sum = vec4<u32>();
  var at = id.x;
  // Four loads are under way before the first is used.
  for (; at + 3 * stride < count; at += 4 * stride) {
    let a = words[at];
    let b = words[at + stride];
    let c = words[at + 2 * stride];
    let d = words[at + 3 * stride];
    sum ^= a ^ b ^ c ^ d;
  }
  for (; at < count; at += stride) {
    sum ^= words[at];
  }
  out[id.x] = sum.x ^ sum.y ^ sum.z ^ sum.w;
}
