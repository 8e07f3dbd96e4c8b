// Residual: x += SCALE · y.   Each thread adds four numbers at a time, in strides of the whole grid.

override WIDTH: u32; // numbers in a row
override SCALE: f32;
override STRIDE: u32 = (WIDTH + 7) / 8 * 2; // vec4s from row to row; numbers after WIDTH are zero

struct Step { rows: u32, position: u32, first: u32, padding: u32, table: u32 }

@group(0) @binding(0) var<storage, read_write> x: array<vec4f>;  // [rows, WIDTH]
@group(0) @binding(1) var<storage, read> y: array<vec4f>;        // [rows, WIDTH]
@group(0) @binding(2) var<uniform> step: Step;

const THREADS = 64;

@compute @workgroup_size(THREADS)
fn residual(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let total = step.rows * STRIDE;
  for (var i = id.x; i < total; i += groups.x * THREADS) { x[i] += SCALE * y[i]; }
}
