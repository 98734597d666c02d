// to[i] = from[i]: how fast this device's memory can be read and written at once. Not a kernel of the engine.
//
// Geometry: an invocation copies 16 bytes; host dispatches ceil(vectors / 64) workgroups over two dimensions.
@group(0) @binding(0) var<storage, read> source: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> target_: array<vec4<f32>>;

@compute @workgroup_size(64)
fn copy(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let i = (workgroup.y * workgroups.x + workgroup.x) * 64 + lane;
  if (i < arrayLength(&target_)) {
    target_[i] = source[i];
  }
}
