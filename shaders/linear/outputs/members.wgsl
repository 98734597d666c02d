// matmul and columns: the rows of each of up to three joined matrices (kernels/joined-matrix.ts) go to an output of its own, one
// behind the other in y, each [tokens, its stride]. The rows between two members belong to none.
// Of each: the row of W at which it starts, its rows, the float of y at which its output starts, its stride. A member that is not
// there starts at the last row that a u32 can count.
@group(0) @binding(8) var<uniform> members: array<vec4<u32>, 3>;

fn finish_at(token: u32, row: u32, product: f32) {
  var member = members[0];
  if (row >= members[1].x) {
    member = members[1];
  }
  if (row >= members[2].x) {
    member = members[2];
  }
  let at = row - member.x;
  if (at < member.y) {
    finish(member.z + token * member.w + at, row, product);
  }
}
