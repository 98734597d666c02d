// Sums and maxima over one workgroup: first inside each subgroup, then over the subgroups' results.
// Host: needs the feature "subgroups" (the file is composed behind `enable subgroups;`). Every invocation must call.
// Assumes that invocation i of a one-dimensional workgroup is in subgroup i / subgroup_size; the self-test at load
// falls back to reduce-tree.wgsl on a device where that does not hold.
override WORKGROUP_SIZE: u32 = 64;

struct Lanes {
  @builtin(local_invocation_index) index: u32,
  @builtin(subgroup_invocation_id) subgroup_lane: u32,
  @builtin(subgroup_size) subgroup_size: u32,
}

// The smallest subgroup that WebGPU allows has 4 invocations.
var<workgroup> partials: array<vec4<f32>, (WORKGROUP_SIZE + 3) / 4>;

fn workgroup_sum(value: vec4<f32>, lanes: Lanes) -> vec4<f32> {
  let in_subgroup = subgroupAdd(value);
  if (lanes.subgroup_lane == 0) {
    partials[lanes.index / lanes.subgroup_size] = in_subgroup;
  }
  workgroupBarrier();
  let count = (WORKGROUP_SIZE + lanes.subgroup_size - 1) / lanes.subgroup_size;
  var total = partials[0];
  for (var i = 1u; i < count; i++) {
    total += partials[i];
  }
  workgroupBarrier();
  return total;
}

fn workgroup_max(value: f32, lanes: Lanes) -> f32 {
  let in_subgroup = subgroupMax(value);
  if (lanes.subgroup_lane == 0) {
    partials[lanes.index / lanes.subgroup_size].x = in_subgroup;
  }
  workgroupBarrier();
  let count = (WORKGROUP_SIZE + lanes.subgroup_size - 1) / lanes.subgroup_size;
  var largest = partials[0].x;
  for (var i = 1u; i < count; i++) {
    largest = max(largest, partials[i].x);
  }
  workgroupBarrier();
  return largest;
}

fn workgroup_max4(value: vec4<f32>, lanes: Lanes) -> vec4<f32> {
  let in_subgroup = subgroupMax(value);
  if (lanes.subgroup_lane == 0) {
    partials[lanes.index / lanes.subgroup_size] = in_subgroup;
  }
  workgroupBarrier();
  let count = (WORKGROUP_SIZE + lanes.subgroup_size - 1) / lanes.subgroup_size;
  var largest = partials[0];
  for (var i = 1u; i < count; i++) {
    largest = max(largest, partials[i]);
  }
  workgroupBarrier();
  return largest;
}
