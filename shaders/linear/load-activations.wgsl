// Each invocation loads the activations of a unit of its own.
fn load_activations(unit: u32) -> Activations {
  var a: Activations;
  for (var c = 0u; c < UNIT / 4; c++) {
    a.x[c] = x[activation_at(unit, c)];
  }
  a.sums = sums_of(a.x);
  return a;
}
