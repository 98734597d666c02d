// Attention of ROWS rows of queries to keys that pass by KEYS at a time, with a running maximum m and sum l per row, so that
// nothing of size N x N exists. Shared by encoder.wgsl and prefill.wgsl, which say where queries, keys and values are.
//   m' = max(m, max_j s_j);  l' = l exp(m - m') + sum_j exp(s_j - m');  o' = o exp(m - m') + sum_j exp(s_j - m') v_j
//   out = o / l,   s_j = q . k_j / sqrt(HEAD_DIM)
//
// Composed behind one of them, with the constants of kernels/attention-tile.ts, and unrolled by unroll.ts: the compiler sees
// every index of what is to stay in registers, and the loads of a loop stand together before what waits for them. The other
// file has   struct Place   (which rows, from which tile of keys on, and up to which key) and
//   tile_query, tile_key, tile_value(place, row or key, quad): four dimensions, of the last row or key where there is none;
//   tile_visible(place, key, row): whether row + (0, 1, 2, 3) * QUADS attend to the key;   tile_write(place, row, quad, x);
//   fill_key, fill_quad(at): which of a chunk's keys and quads neighbouring invocations load, so that memory is read in runs.
//
// Geometry: workgroup of LANES. Scores: an invocation holds 4 rows (quad, quad + QUADS, ...) by HOLD keys (key, key + SHARE,
// ...) while q and k pass through `staged`, CHUNK quads of dimensions at a time. Values: it holds 4 dimensions of HELD times
// 4 rows, and reads VALUES values before it uses the first. 2 barriers a chunk and 2 more for KEYS keys.
// HEAD_DIM: multiple of 4, at most 4 * LANES. COLUMN is odd, so that invocations that write down a column hit other banks.
// Numerics: f32.

const NEVER: f32 = -3.0e38;
const QUARTERS: u32 = 4;
const SCALE: f32 = 1.0 / sqrt(f32(4 * D4));

// Either a chunk of q and k [CHUNK, ROWS then KEYS] and behind it the maxima [SHARE, QUADS] of 4 rows each; or weights
// [KEYS, QUADS] of 4 rows each.
var<workgroup> staged: array<vec4<f32>, STAGED>;
var<workgroup> factors: array<vec4<f32>, QUADS>; // exp(m - m') of the rows; at the end l

/// sum + a . b as four multiply-adds: of a dot product that is added then compilers make five operations.
fn plus_dot(sum: f32, a: vec4<f32>, b: vec4<f32>) -> f32 {
  return a.w * b.w + (a.z * b.z + (a.y * b.y + (a.x * b.x + sum)));
}

fn attend(place: Place, lane: u32) {
  let quad = lane % QUADS;
  let key = lane / QUADS;
  var m = vec4(NEVER);
  var l = vec4<f32>(); // over this invocation's own keys; joined at the end

  // Nothing, but compilers must not know: told how often a loop turns they write it out whole. AMD's takes 250 registers then,
  // and a processor's five times as long to compile it.
  let nothing = select(1u, 0u, place.keys > 0);

  let dimension = lane % D4;
  let group = lane / D4;
  //@ for n in HELD
  let quad_{n} = min(group + {n} * GROUPS, QUADS - 1);
  //@ for i in QUARTERS
  var o_{n}_{i} = vec4<f32>();
  //@ end
  //@ end

  for (var key0 = place.first; key0 < place.keys; key0 += KEYS) {
    let here = tile_keys(place, key0);
    //@ for j in HOLD
    var s_{j} = vec4<f32>();
    //@ end
    for (var chunk0 = 0u; chunk0 < D4 + nothing; chunk0 += CHUNK) {
      //@ for i in QUERY_LOADS
      let q_{i} = tile_query(place, (lane + {i} * LANES) / CHUNK, chunk0 + (lane + {i} * LANES) % CHUNK);
      //@ end
      //@ for i in KEY_LOADS
      let k_{i} = tile_key(here, fill_key(lane + {i} * LANES), min(chunk0 + fill_quad(lane + {i} * LANES), D4 - 1));
      //@ end
      workgroupBarrier(); // the chunk before, or the weights before it, are used up
      //@ for i in QUERY_LOADS
      staged[(lane + {i} * LANES) % CHUNK * COLUMN + (lane + {i} * LANES) / CHUNK] = q_{i};
      //@ end
      //@ for i in KEY_LOADS
      staged[fill_quad(lane + {i} * LANES) * COLUMN + ROWS + fill_key(lane + {i} * LANES)] = k_{i};
      //@ end
      workgroupBarrier();
      for (var c = 0u; c < CHUNK * COLUMN + nothing; c += TURNS * COLUMN) {
        //@ for u in TURNS
        {
          let at = min(c + {u} * COLUMN, (CHUNK - 1) * COLUMN); // never more: said here once, no access needs checking
          let q0 = staged[at + quad];
          let q1 = staged[at + quad + QUADS];
          let q2 = staged[at + quad + 2 * QUADS];
          let q3 = staged[at + quad + 3 * QUADS];
          //@ for j in HOLD
          let x_{j} = staged[at + ROWS + key + {j} * SHARE];
          //@ end
          //@ for j in HOLD
          s_{j} = vec4(plus_dot(s_{j}.x, q0, x_{j}), plus_dot(s_{j}.y, q1, x_{j}), plus_dot(s_{j}.z, q2, x_{j}), plus_dot(s_{j}.w, q3, x_{j}));
          //@ end
        }
        //@ end
      }
    }

    var largest = m;
    //@ for j in HOLD
    // Where there is no key the memory holds something else, perhaps no number: replaced, not added to.
    s_{j} = select(vec4(NEVER), SCALE * s_{j}, tile_visible(place, key0 + key + {j} * SHARE, quad));
    largest = max(largest, s_{j});
    //@ end
    staged[CHUNK * COLUMN + lane] = largest;
    workgroupBarrier();
    for (var i = 0u; i < SHARE + nothing; i += 4) {
      //@ for u in QUARTERS
      largest = max(largest, staged[CHUNK * COLUMN + (i + {u}) * QUADS + quad]);
      //@ end
    }
    let factor = exp(m - largest);
    m = largest;
    l *= factor;
    //@ for j in HOLD
    {
      // Not `s > NEVER`: a score that is not a number must spoil the sum, not leave its key out unseen.
      let weight = select(exp(s_{j} - largest), vec4<f32>(), s_{j} == vec4(NEVER));
      staged[(key + {j} * SHARE) * QUADS + quad] = weight;
      l += weight;
    }
    //@ end
    if (key == 0) {
      factors[quad] = factor;
    }
    workgroupBarrier();

    //@ for n in HELD
    {
      let f = factors[quad_{n}];
      //@ for i in QUARTERS
      o_{n}_{i} *= f[{i}];
      //@ end
    }
    //@ end
    let last = min(place.keys - key0, KEYS) - 1;
    for (var j = 0u; j <= last; j += VALUES) {
      //@ for t in VALUES
      let v_{t} = tile_value(here, min(j + {t}, last), dimension);
      //@ end
      let at = min(j, KEYS - VALUES) * QUADS;
      //@ for t in VALUES
      //@ for n in HELD
      {
        let w = staged[at + {t} * QUADS + quad_{n}];
        //@ for i in QUARTERS
        o_{n}_{i} += w[{i}] * v_{t};
        //@ end
      }
      //@ end
      //@ end
    }
  }

  workgroupBarrier();
  staged[lane] = l;
  workgroupBarrier();
  if (key == 0) {
    for (var i = 1u; i < SHARE + nothing; i++) {
      l += staged[lane + i * QUADS];
    }
    factors[quad] = l;
  }
  workgroupBarrier();
  //@ for n in HELD
  if (group < GROUPS && group + {n} * GROUPS < QUADS) {
    let sum = factors[quad_{n}];
    //@ for i in QUARTERS
    tile_write(place, quad_{n} + {i} * QUADS, dimension, o_{n}_{i} / sum[{i}]);
    //@ end
  }
  //@ end
}
