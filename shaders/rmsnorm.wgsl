// RMSNorm: y = SCALE · x · rsqrt(mean(x²) + EPS) · (OFFSET + weight) (+ y).   Lanes share a row of x.

override WIDTH: u32; // numbers in a row
override EPS: f32;
override OFFSET: f32;
override RESIDUAL: bool;
override SCALE: f32;
override STRIDE: u32 = (WIDTH + 7) / 8 * 2; // vec4s from row to row; numbers after WIDTH are zero

struct Step { rows: u32, position: u32, first: u32, padding: u32, table: u32 }

@group(0) @binding(0) var<storage, read> x: array<vec4f>;        // [rows, WIDTH]
@group(0) @binding(1) var<storage, read> weight: array<vec4f>;   // [WIDTH]
@group(0) @binding(2) var<storage, read_write> y: array<vec4f>;  // [rows, WIDTH]
@group(0) @binding(3) var<uniform> step: Step;

const THREADS = 64;

@compute @workgroup_size(THREADS)
fn rmsnorm(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let lanes = lane_count();
  let lane = thread % lanes;
  let row = group.x * (THREADS / lanes) + thread / lanes;
  let start = row * STRIDE;
  let end = select(0u, STRIDE, row < step.rows);

  var squares = vec4f();
  for (var i = lane; i < end; i += lanes) {
    let v = x[start + i];
    squares += v * v;
  }
  let sum = dot(sum_lanes(squares, thread), vec4f(1));

  let factor = SCALE * inverseSqrt(sum / f32(WIDTH) + EPS);
  for (var i = lane; i < end; i += lanes) {
    var normed = x[start + i] * factor * (OFFSET + weight[i]);
    if (RESIDUAL) { normed += y[start + i]; }
    y[start + i] = normed;
  }
}
