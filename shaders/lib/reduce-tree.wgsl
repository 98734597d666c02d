// Sums and maxima over one workgroup, by a tree in workgroup memory. Works on every device.
// Host: WORKGROUP_SIZE must be a power of two. Every invocation must call (the barriers need uniform control flow);
// every invocation gets the result. Two barriers at the end of each call let the next one reuse the memory.
override WORKGROUP_SIZE: u32 = 64;

struct Lanes {
  @builtin(local_invocation_index) index: u32,
}

var<workgroup> reduction: array<vec4<f32>, WORKGROUP_SIZE>;

fn workgroup_sum(value: vec4<f32>, lanes: Lanes) -> vec4<f32> {
  reduction[lanes.index] = value;
  workgroupBarrier();
  for (var step = WORKGROUP_SIZE / 2; step > 0; step = step / 2) {
    if (lanes.index < step) {
      reduction[lanes.index] += reduction[lanes.index + step];
    }
    workgroupBarrier();
  }
  let total = reduction[0];
  workgroupBarrier();
  return total;
}

fn workgroup_max(value: f32, lanes: Lanes) -> f32 {
  reduction[lanes.index].x = value;
  workgroupBarrier();
  for (var step = WORKGROUP_SIZE / 2; step > 0; step = step / 2) {
    if (lanes.index < step) {
      reduction[lanes.index].x = max(reduction[lanes.index].x, reduction[lanes.index + step].x);
    }
    workgroupBarrier();
  }
  let largest = reduction[0].x;
  workgroupBarrier();
  return largest;
}

fn workgroup_max4(value: vec4<f32>, lanes: Lanes) -> vec4<f32> {
  reduction[lanes.index] = value;
  workgroupBarrier();
  for (var step = WORKGROUP_SIZE / 2; step > 0; step = step / 2) {
    if (lanes.index < step) {
      reduction[lanes.index] = max(reduction[lanes.index], reduction[lanes.index + step]);
    }
    workgroupBarrier();
  }
  let largest = reduction[0];
  workgroupBarrier();
  return largest;
}
