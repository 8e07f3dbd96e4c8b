// Root mean squares √mean(n²) of the rows from step.first on: of the residual stream, and of what attention and MLP added to
// it.   Lanes share a row.

override WIDTH: u32;
override STRIDE: u32 = (WIDTH + 7) / 8 * 2; // vec4s from row to row; numbers after WIDTH are zero

struct Step { rows: u32, position: u32, first: u32, padding: u32, table: u32 }

@group(0) @binding(0) var<storage, read> x: array<vec4f>;                // [rows, WIDTH]
@group(0) @binding(1) var<storage, read> attention: array<vec4f>;        // [rows, WIDTH]
@group(0) @binding(2) var<storage, read> mlp: array<vec4f>;              // [rows, WIDTH]
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>;          // [rows − first]: residual, attention, MLP, 0
@group(0) @binding(4) var<uniform> step: Step;

const THREADS = 64;

@compute @workgroup_size(THREADS)
fn magnitudes(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let lanes = lane_count();
  let nth = group.x * (THREADS / lanes) + thread / lanes;
  let inside = step.first + nth < step.rows;
  let start = (step.first + nth) * STRIDE;
  var squares = vec3f();
  for (var i = thread % lanes; i < select(0u, STRIDE, inside); i += lanes) {
    let at = start + i;
    squares += vec3f(dot(x[at], x[at]), dot(attention[at], attention[at]), dot(mlp[at], mlp[at]));
  }
  let sum = sum_lanes(vec4f(squares, 0), thread);
  if (inside && thread % lanes == 0) { y[nth] = sqrt(sum / f32(WIDTH)); }
}
