// Sums and maxima over a workgroup that is one subgroup, on processors: no barrier and no workgroup memory.
// Host: needs the feature "subgroups", a device whose subgroups all have LANES invocations, and WORKGROUP_SIZE = LANES.
override WORKGROUP_SIZE: u32 = LANES;

struct Lanes {
  @builtin(local_invocation_index) index: u32,
}

fn workgroup_sum(value: vec4<f32>, lanes: Lanes) -> vec4<f32> {
  return subgroupAdd(value);
}

fn workgroup_max(value: f32, lanes: Lanes) -> f32 {
  return subgroupMax(value);
}
