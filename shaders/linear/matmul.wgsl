// Y[t, first_row + r] = epilogue(sum_i W[r, i] * X[t, i]), many tokens.
//
// Composed with matmul-params.wgsl, formats/<format>.wgsl and with epilogues/<epilogue>.wgsl, whose finish() writes each product into Y.
// Geometry: a workgroup of 256 computes a tile of 64 rows x 64 tokens, 4 x 4 an invocation, in steps of 32 columns:
// the first 128 invocations dequantise 16 weights each into w_tile, the other 128 copy 16 activations each into x_tile.
// Both tiles hold 4 columns a vector, XOR-swizzled by row so that neighbouring rows fall into different banks; together
// exactly 16 KiB, the default limit. Host dispatches (ceil(rows / 64), ceil(tokens / 64)).
// Numerics: f32 throughout.
var<workgroup> w_tile: array<vec4<f32>, 512>; // [64 rows, 8]
var<workgroup> x_tile: array<vec4<f32>, 512>; // [64 tokens, 8]

fn tile_index(row: u32, column4: u32) -> u32 {
  return row * 8 + (column4 ^ (row & 7));
}

@compute @workgroup_size(256)
fn matmul(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let row0 = workgroup.x * 64;
  let token0 = workgroup.y * 64;
  // Filling: which row or token of the tile, and which 16 of its 32 columns.
  let fill = (lane & 127) >> 1;
  let half = lane & 1;
  // Computing: rows r + 16 i, tokens t + 16 j.
  let r = lane & 15;
  let t = lane >> 4;

  var sums: array<vec4<f32>, 4>; // [row i] over tokens j
  for (var group = 0u; group < params.groups_per_row; group += 2) {
    if (lane < 128) {
      var w = array<vec4<f32>, 4>();
      if (row0 + fill < params.rows) {
        w = dequantize16((row0 + fill) * params.groups_per_row + group + half);
      }
      for (var i = 0u; i < 4; i++) {
        w_tile[tile_index(fill, half * 4 + i)] = w[i];
      }
    } else {
      for (var i = 0u; i < 4; i++) {
        var value = vec4<f32>();
        if (token0 + fill < state.tokens) {
          value = x[(token0 + fill) * params.x_stride + (group + half) * 4 + i];
        }
        x_tile[tile_index(fill, half * 4 + i)] = value;
      }
    }
    workgroupBarrier();
    for (var k = 0u; k < 8; k++) {
      let x0 = x_tile[tile_index(t, k)];
      let x1 = x_tile[tile_index(t + 16, k)];
      let x2 = x_tile[tile_index(t + 32, k)];
      let x3 = x_tile[tile_index(t + 48, k)];
      for (var i = 0u; i < 4; i++) {
        let w = w_tile[tile_index(r + 16 * i, k)];
        sums[i] += vec4(dot(w, x0), dot(w, x1), dot(w, x2), dot(w, x3));
      }
    }
    workgroupBarrier();
  }

  for (var i = 0u; i < 4; i++) {
    let row = row0 + r + 16 * i;
    for (var j = 0u; j < 4; j++) {
      let token = token0 + t + 16 * j;
      if (row < params.rows && token < state.tokens) {
        let output = params.first_row + row;
        finish(token * params.y_stride + output, output, sums[i][j]);
      }
    }
  }
}
