// All lanes of a subgroup work on the same unit: each loads some of its activations and they hand them round.
//
// For processors: there a load is one memory access a lane even where all lanes want the same word, and a shuffle is one
// instruction. Unrolled by the host (kernels/unroll.ts): VECTORS_PER_LANE = UNIT / 4 / LANES.
fn load_activations(unit: u32, lane: u32) -> Activations {
  var a: Activations;
  //@ for v in VECTORS_PER_LANE
  let mine_{v} = x[activation_at(unit, {v} * LANES + lane)];
  //@ end
  //@ for v in VECTORS_PER_LANE
  //@ for l in LANES
  a.x[{v} * LANES + {l}] = subgroupShuffle(mine_{v}, {l});
  //@ end
  //@ end
  a.sums = sums_of(a.x);
  return a;
}
