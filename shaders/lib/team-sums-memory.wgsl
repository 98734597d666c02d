// Sums over a team of TEAM neighbouring invocations, by workgroup memory alone: one barrier. Of each of SUMS vectors an
// invocation gets the component of its own number modulo 4. Works on every device.
// Called once by every invocation, in uniform control flow: the memory is not used again.

// A float more than there are, so that what lanes read at once lies in different banks.
const SUMS_STRIDE: u32 = TEAMS * TEAM + 1;

var<workgroup> partial_sums: array<f32, 4 * SUMS * SUMS_STRIDE>;

fn team_sums(values: array<vec4<f32>, SUMS>, index: u32) -> array<f32, SUMS> {
  //@ for s in SUMS
  partial_sums[{s}u * 4 * SUMS_STRIDE + index] = values[{s}].x;
  partial_sums[({s}u * 4 + 1) * SUMS_STRIDE + index] = values[{s}].y;
  partial_sums[({s}u * 4 + 2) * SUMS_STRIDE + index] = values[{s}].z;
  partial_sums[({s}u * 4 + 3) * SUMS_STRIDE + index] = values[{s}].w;
  //@ end
  workgroupBarrier();
  let first = (index & 3) * SUMS_STRIDE + index / TEAM * TEAM;
  var sums = array<f32, SUMS>();
  //@ for s in SUMS
  for (var i = 0u; i < TEAM; i++) {
    sums[{s}] += partial_sums[{s}u * 4 * SUMS_STRIDE + first + i];
  }
  //@ end
  return sums;
}
