// Norm of some of the heads in a row, in place: COUNT groups of SIZE numbers, one behind the other from number START.
//
//   RMS:       x ← x · rsqrt(mean(x²) + EPS) · (OFFSET + weight)
//   CENTERED:  x ← (x − mean(x)) · rsqrt(var(x) + EPS) · (OFFSET + weight)
//
// Lanes share a group of a row; each reads and writes numbers of its own. As in layernorm.wgsl, the variance is summed
// about the mean, and the same pass finds by how much the mean itself was rounded.

override ROW: u32; // numbers in a row
override START: u32;
override COUNT: u32;
override SIZE: u32;
override EPS: f32;
override OFFSET: f32;
override CENTERED: bool;
override HAS_WEIGHT: bool;
override WEIGHT_STRIDE: u32;              // numbers of weight from group to group; 0: all groups have the same
override STRIDE: u32 = (ROW + 7) / 8 * 8; // numbers from row to row

struct Step { rows: u32, position: u32, first: u32, padding: u32, table: u32 }

@group(0) @binding(0) var<storage, read_write> x: array<f32>;  // [rows, ROW]
@group(0) @binding(1) var<storage, read> weight: array<f32>;   // [SIZE], or [COUNT, SIZE]
@group(0) @binding(2) var<uniform> step: Step;

const THREADS = 64;

@compute @workgroup_size(THREADS)
fn head_norm(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let lanes = lane_count();
  let lane = thread % lanes;
  let pair = (id.y * workgroups.x + id.x) * (THREADS / lanes) + thread / lanes; // of row and group
  let row = pair / COUNT;
  let group = pair % COUNT;
  let start = row * STRIDE + START + group * SIZE;
  let end = select(0u, SIZE, row < step.rows);

  var mean = 0.0;
  if (CENTERED) {
    var sum = 0.0;
    for (var i = lane; i < end; i += lanes) { sum += x[start + i]; }
    mean = sum_lanes(vec4f(sum), thread).x / f32(SIZE);
  }

  var sums = vec2f();
  for (var i = lane; i < end; i += lanes) {
    let d = x[start + i] - mean;
    sums += vec2f(d, d * d);
  }
  let moments = sum_lanes(vec4f(sums, 0, 0), thread) / f32(SIZE);
  let rounded = select(0, moments.x, CENTERED);

  let scale = inverseSqrt(moments.y - rounded * rounded + EPS);
  for (var i = lane; i < end; i += lanes) {
    var factor = scale;
    if (HAS_WEIGHT) { factor *= OFFSET + weight[group * WEIGHT_STRIDE + i]; }
    x[start + i] = (x[start + i] - mean - rounded) * factor;
  }
}
