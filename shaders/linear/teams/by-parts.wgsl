// Neighbouring lanes share a unit of weights, a quarter each: 8 weights, or 16 of a format in blocks of 256. What a lane reads of
// a row lies beside what its neighbours read, and it holds few activations, so that it has room for more rows. Two parts of each
// row are under way at once.
// Composed with parts/<format>.wgsl.
fn load_activations(part: u32) -> Activations {
  var a: Activations;
  //@ for c in QUADS
  a.x[{c}] = x[8 * unit_of(part, {c}u) + quad_of(part, {c}u)];
  //@ end
  a.sums = sums_of(a.x);
  return a;
}

fn walk(rows: array<vec4<u32>, VECTORS>, lane: u32) -> array<vec4<f32>, VECTORS> {
  let parts = 4 * params.units_per_row;
  //@ for v in VECTORS
  let starts{v} = rows[{v}] * parts;
  var products{v} = vec4<f32>();
  //@ end
  var part = lane;
  for (; part + TEAM < parts; part += 2 * TEAM) {
    //@ for u in TWICE
    let at{u} = part + {u}u * TEAM;
    let a{u} = load_activations(at{u});
    //@ end
    //@ for v in VECTORS
    //@ for u in TWICE
    products{v} += vec4(
      dot_part(weights_at(starts{v}.x + at{u}), a{u}),
      dot_part(weights_at(starts{v}.y + at{u}), a{u}),
      dot_part(weights_at(starts{v}.z + at{u}), a{u}),
      dot_part(weights_at(starts{v}.w + at{u}), a{u}),
    );
    //@ end
    //@ end
  }
  if (part < parts) {
    let a = load_activations(part);
    //@ for v in VECTORS
    products{v} += vec4(
      dot_part(weights_at(starts{v}.x + part), a),
      dot_part(weights_at(starts{v}.y + part), a),
      dot_part(weights_at(starts{v}.z + part), a),
      dot_part(weights_at(starts{v}.w + part), a),
    );
    //@ end
  }
  return array<vec4<f32>, VECTORS>(
    //@ for v in VECTORS
    products{v},
    //@ end
  );
}
