// The ACTIVE experts that each row's router likes most, best first, the lowest id first among equals:
//   weight = exp(logit) / Σ exp(logit), the sum over all experts (OVER_ALL) or over the active ones
// One workgroup per row. An expert's rank is the number of better ones: no sort.

override EXPERTS: u32;
override ACTIVE: u32;
override OVER_ALL: bool;
override STRIDE: u32 = (EXPERTS + 7) / 8 * 8; // numbers from row to row of logits

@group(0) @binding(0) var<storage, read> logits: array<f32>;         // [rows, EXPERTS]
@group(0) @binding(1) var<storage, read_write> routes: array<vec2u>; // [rows, ACTIVE] id, weight (f32 bits)

const THREADS = 64;
var<workgroup> chosen: array<u32, ACTIVE>; // ids by rank; where NaN leaves no rank, 0

@compute @workgroup_size(THREADS)
fn route(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let row = group.x * STRIDE;
  for (var id = thread; id < EXPERTS; id += THREADS) {
    let own = logits[row + id];
    var rank = 0u;
    for (var other = 0u; other < EXPERTS; other++) {
      let l = logits[row + other];
      rank += u32(l > own || (l == own && other < id));
    }
    if (rank < ACTIVE) { chosen[rank] = id; }
  }
  workgroupBarrier();

  if (thread < ACTIVE) {
    let largest = logits[row + chosen[0]];
    var total = 0.0;
    if (OVER_ALL) {
      for (var id = 0u; id < EXPERTS; id++) { total += exp(logits[row + id] - largest); }
    } else {
      for (var rank = 0u; rank < ACTIVE; rank++) { total += exp(logits[row + chosen[rank]] - largest); }
    }
    let id = chosen[thread];
    routes[group.x * ACTIVE + thread] = vec2u(id, bitcast<u32>(exp(logits[row + id] - largest) / total));
  }
}
