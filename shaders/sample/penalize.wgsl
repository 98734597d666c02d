// Repetition penalty, in place: logit > 0 ? logit / penalty : logit * penalty, for each id in the list (each once).
//
// Geometry: an invocation handles one id. Host dispatches (ceil(count / 64)).
struct Params {
  count: u32,
  penalty: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> logits: array<f32>; // [vocabulary]
@group(0) @binding(2) var<storage, read> ids: array<u32>;          // [count], distinct

@compute @workgroup_size(64)
fn penalize(@builtin(global_invocation_id) at: vec3<u32>) {
  if (at.x >= params.count) {
    return;
  }
  let id = ids[at.x];
  let logit = logits[id];
  logits[id] = select(logit * params.penalty, logit / params.penalty, logit > 0);
}
