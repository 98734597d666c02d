// A lane takes whole units of weights, 32 or 64: their activations are loaded once for all rows.
// Composed with formats/<format>.wgsl and formats/<format>-dot.wgsl.
fn walk(rows: array<vec4<u32>, VECTORS>, lane: u32) -> array<vec4<f32>, VECTORS> {
  //@ for v in VECTORS
  let starts{v} = rows[{v}] * params.units_per_row;
  var products{v} = vec4<f32>();
  //@ end
  for (var unit = lane; unit < params.units_per_row; unit += TEAM) {
    var a: Activations;
    //@ for c in QUADS
    a.x[{c}] = x[activation_at(unit, {c}u)];
    //@ end
    a.sums = sums_of(a.x);
    //@ for v in VECTORS
    products{v} += vec4(
      dot_unit(starts{v}.x + unit, a),
      dot_unit(starts{v}.y + unit, a),
      dot_unit(starts{v}.z + unit, a),
      dot_unit(starts{v}.w + unit, a),
    );
    //@ end
  }
  return array<vec4<f32>, VECTORS>(
    //@ for v in VECTORS
    products{v},
    //@ end
  );
}
