// Sums over a team of TEAM neighbouring invocations that spread over subgroups of SPREAD or more: one barrier. Of each of SUMS
// vectors an invocation gets the component of its own number modulo 4. Composed with subgroup-sums.wgsl.
// Called once by every invocation, in uniform control flow: the memory is not used again.

// A float more than there are, so that what lanes read at once lies in different banks.
const SUMS_STRIDE: u32 = TEAMS * TEAM / SPREAD + 1;

var<workgroup> partial_sums: array<f32, 4 * SUMS * SUMS_STRIDE>;

fn team_sums(values: array<vec4<f32>, SUMS>, index: u32) -> array<f32, SUMS> {
  let component = index & 3;
  //@ for s in SUMS
  let sum{s} = subgroup_sums(values[{s}], index);
  if ((index & (SPREAD - 1)) < 4) {
    partial_sums[({s}u * 4 + component) * SUMS_STRIDE + index / SPREAD] = sum{s};
  }
  //@ end
  workgroupBarrier();
  let first = index / TEAM * (TEAM / SPREAD);
  var sums = array<f32, SUMS>();
  //@ for s in SUMS
  //@ for i in PARTIALS
  sums[{s}] += partial_sums[({s}u * 4 + component) * SUMS_STRIDE + first + {i}u];
  //@ end
  //@ end
  return sums;
}
