// Four sums over SPREAD neighbouring invocations at once: each gets the one of its own number modulo 4. An exchange that
// halves what is left to add comes first, so that four sums take little more than one.
//
// Host: needs the feature "subgroups", SPREAD (a power of two, 4 or more) no larger than the smallest subgroup of the device,
// STEPS = log2(SPREAD / 4). Every invocation must call. Assumes that neighbours in the workgroup are neighbours in the subgroup,
// which the self-test finds out.
fn subgroup_sums(value: vec4<f32>, index: u32) -> f32 {
  let is_odd = (index & 1) == 1;
  let pair = select(value.xz, value.yw, is_odd) + subgroupShuffleXor(select(value.yw, value.xz, is_odd), 1u);
  let is_upper = (index & 2) == 2;
  var sum = select(pair.x, pair.y, is_upper) + subgroupShuffleXor(select(pair.y, pair.x, is_upper), 2u);
  //@ for i in STEPS
  sum += subgroupShuffleXor(sum, 4u << {i}u);
  //@ end
  return sum;
}
