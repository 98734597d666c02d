// The K largest of a row's logits with their ids, in descending order (ties: the lower id first), by passes that each
// reduce 1024 candidates to K: every workgroup sorts its 1024 in workgroup memory (bitonic) and writes its first K.
// Host dispatches (ceil(count / 1024), rows) of from_logits, then of from_candidates on the result until one workgroup a row
// is left. Logits that are not finite come out first with id 0xffffffff (see argmax.wgsl).
override K: u32;
override THREADS: u32 = 256; // a workgroup

struct Params {
  count: u32,
  stride: u32,  // from a row to the next, of what is read
  rows: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> logits: array<f32>;                  // [rows, stride], from_logits
@group(0) @binding(2) var<storage, read> candidates_in: array<vec2<u32>>;     // [rows, stride] (logit bits, id), from_candidates
@group(0) @binding(3) var<storage, read_write> candidates: array<vec2<u32>>;  // [rows, workgroups, K] (logit bits, id)

const SIZE: u32 = 1024;
var<workgroup> sorted_logits: array<f32, 1024>;
var<workgroup> sorted_ids: array<u32, 1024>;

fn comes_first(logit_a: f32, id_a: u32, logit_b: f32, id_b: u32) -> bool {
  return logit_a > logit_b || (logit_a == logit_b && id_a < id_b);
}

fn sort_and_write(lane: u32, workgroup: vec3<u32>) {
  let first = (workgroup.y * ((params.count + SIZE - 1) / SIZE) + workgroup.x) * K;
  workgroupBarrier();
  for (var width = 2u; width <= SIZE; width = width * 2) {
    for (var step = width / 2; step > 0; step = step / 2) {
      for (var i = lane; i < SIZE / 2; i += THREADS) {
        let a = 2 * i - (i & (step - 1));
        let b = a + step;
        let descending = (a & width) == 0;
        if (comes_first(sorted_logits[b], sorted_ids[b], sorted_logits[a], sorted_ids[a]) == descending) {
          let logit = sorted_logits[a];
          let id = sorted_ids[a];
          sorted_logits[a] = sorted_logits[b];
          sorted_ids[a] = sorted_ids[b];
          sorted_logits[b] = logit;
          sorted_ids[b] = id;
        }
      }
      workgroupBarrier();
    }
  }
  for (var i = lane; i < K; i += THREADS) {
    candidates[first + i] = vec2(bitcast<u32>(sorted_logits[i]), sorted_ids[i]);
  }
}

@compute @workgroup_size(THREADS)
fn from_logits(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  for (var i = lane; i < SIZE; i += THREADS) {
    let at = workgroup.x * SIZE + i;
    var logit = -3.4e38;
    var id = 0xfffffffeu;
    if (at < params.count) {
      logit = logits[workgroup.y * params.stride + at];
      id = at;
      if ((bitcast<u32>(logit) & 0x7f800000u) == 0x7f800000u) {
        logit = 3.4e38;
        id = 0xffffffffu;
      }
    }
    sorted_logits[i] = logit;
    sorted_ids[i] = id;
  }
  sort_and_write(lane, workgroup);
}

@compute @workgroup_size(THREADS)
fn from_candidates(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  for (var i = lane; i < SIZE; i += THREADS) {
    let at = workgroup.x * SIZE + i;
    var logit = -3.4e38;
    var id = 0xfffffffeu;
    if (at < params.count) {
      let candidate = candidates_in[workgroup.y * params.stride + at];
      logit = bitcast<f32>(candidate.x);
      id = candidate.y;
    }
    sorted_logits[i] = logit;
    sorted_ids[i] = id;
  }
  sort_and_write(lane, workgroup);
}
