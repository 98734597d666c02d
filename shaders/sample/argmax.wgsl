// ids[0] = the index of the largest logit (ties: the lowest), also copied to result[0]; result[1] = that logit's bits.
// A logit that is not finite makes result[0] = 0xffffffff, so that wrong numbers never look like an answer.
//
// Geometry: one workgroup of 256. Host dispatches (1).
struct Params {
  count: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> logits: array<f32>;       // [count]
@group(0) @binding(2) var<storage, read_write> ids: array<u32>;    // the next step's token, read by gather.wgsl
@group(0) @binding(3) var<storage, read_write> result: array<u32>; // [2]

var<workgroup> best_logit: array<f32, 256>;
var<workgroup> best_id: array<u32, 256>;
var<workgroup> broken: atomic<u32>;

@compute @workgroup_size(256)
fn argmax(@builtin(local_invocation_index) lane: u32) {
  var logit = -3.0e38;
  var id = 0xfffffffeu;
  for (var i = lane; i < params.count; i += 256) {
    let value = logits[i];
    // NaN and infinity have all exponent bits set; comparing bits survives compilers that assume finite math.
    if ((bitcast<u32>(value) & 0x7f800000u) == 0x7f800000u) {
      atomicStore(&broken, 1u);
    }
    if (value > logit) {
      logit = value;
      id = i;
    }
  }
  best_logit[lane] = logit;
  best_id[lane] = id;
  workgroupBarrier();
  for (var step = 128u; step > 0; step = step / 2) {
    if (lane < step) {
      let other = best_logit[lane + step];
      let other_id = best_id[lane + step];
      if (other > best_logit[lane] || (other == best_logit[lane] && other_id < best_id[lane])) {
        best_logit[lane] = other;
        best_id[lane] = other_id;
      }
    }
    workgroupBarrier();
  }
  if (lane == 0) {
    ids[0] = best_id[0];
    result[0] = select(best_id[0], 0xffffffffu, atomicLoad(&broken) == 1);
    result[1] = bitcast<u32>(best_logit[0]);
  }
}
