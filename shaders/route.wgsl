// The ACTIVE experts that a router likes most, for each row, best first, the lowest id first among equals:
//   liking = norm(x)·weightᵀ (+ bias)
//   weight of an expert = exp(liking) / Σ exp(liking), the sum over all experts (OVER_ALL) or over the active ones
// One workgroup per row. Its lane groups take turns with the products; then an expert's rank is the number of better ones:
// no sort.

// START and ROWS are those of the whole matrix.
override START: u32;
override ROWS: u32;
override EXPERTS: u32;
override ACTIVE: u32;
override OVER_ALL: bool;
override HAS_BIAS: bool;
override THREADS: u32;

@group(0) @binding(0) var<storage, read> x: array<vec4f>;             // [rows, IN_WIDTH]
// @binding(1) weight: [EXPERTS, IN_WIDTH], read through product
@group(0) @binding(2) var<storage, read> bias: array<f32>;            // [EXPERTS]
@group(0) @binding(3) var<storage, read> gain: array<vec4f>;          // [IN_WIDTH]
@group(0) @binding(4) var<storage, read> shift: array<vec4f>;         // [IN_WIDTH]
@group(0) @binding(5) var<storage, read_write> routes: array<vec2u>;  // [rows, ACTIVE] id, weight (f32 bits)

var<workgroup> liking: array<f32, EXPERTS>;
var<workgroup> chosen: array<u32, ACTIVE>; // ids by rank; where NaN leaves no rank, 0

@compute @workgroup_size(THREADS)
fn route(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let lanes = lane_count();
  let made = 4 * QUADS; // at once, by a lane group
  for (var base = 0u; base < EXPERTS; base += THREADS / lanes * made) {
    let first = base + thread / lanes * made;
    let ids = first + vec4u(0, 1, 2, 3);
    let last = vec4u(EXPERTS - 1);
    let sums = products(group.x * IN_GROUPS * 2, min(ids, last), min(ids + 4, last), first < EXPERTS, thread);
    if (thread % lanes == 0) {
      for (var i = 0u; i < made && first + i < EXPERTS; i++) {
        var l = sums[i / 4][i % 4];
        if (HAS_BIAS) { l += bias[first + i]; }
        liking[first + i] = l;
      }
    }
  }
  workgroupBarrier();

  for (var id = thread; id < EXPERTS; id += THREADS) {
    let own = liking[id];
    var rank = 0u;
    for (var other = 0u; other < EXPERTS; other++) {
      let l = liking[other];
      rank += u32(l > own || (l == own && other < id));
    }
    if (rank < ACTIVE) { chosen[rank] = id; }
  }
  workgroupBarrier();

  if (thread < ACTIVE) {
    let largest = liking[chosen[0]];
    var total = 0.0;
    if (OVER_ALL) {
      for (var id = 0u; id < EXPERTS; id++) { total += exp(liking[id] - largest); }
    } else {
      for (var rank = 0u; rank < ACTIVE; rank++) { total += exp(liking[chosen[rank]] - largest); }
    }
    let id = chosen[thread];
    routes[group.x * ACTIVE + thread] = vec2u(id, bitcast<u32>(exp(liking[id] - largest) / total));
  }
}
