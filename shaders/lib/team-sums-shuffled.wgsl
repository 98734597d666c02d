// Sums over a team of TEAM neighbouring invocations, all in one subgroup: no barrier and no workgroup memory.
// Of each of SUMS vectors an invocation gets the component of its own number modulo 4. Composed with subgroup-sums.wgsl,
// SPREAD = TEAM.
fn team_sums(values: array<vec4<f32>, SUMS>, index: u32) -> array<f32, SUMS> {
  return array<f32, SUMS>(
    //@ for s in SUMS
    subgroup_sums(values[{s}], index),
    //@ end
  );
}
