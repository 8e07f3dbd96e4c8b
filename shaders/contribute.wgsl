// What a sublayer adds to the residual stream, where that is not left to the product that made it: y ← SCALE · factor · y,
// x ← x + y.   A thread a vec4.

override WIDTH: u32;
override SCALE: f32;
override FACTOR: u32; // which of the factors
override STRIDE: u32 = (WIDTH + 7) / 8 * 2; // vec4s from row to row

struct Step { rows: u32, position: u32, first: u32, padding: u32, table: u32 }

@group(0) @binding(0) var<storage, read> factors: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<vec4f>;  // [rows, WIDTH]
@group(0) @binding(2) var<storage, read_write> x: array<vec4f>;  // [rows, WIDTH]
@group(0) @binding(3) var<uniform> step: Step;

@compute @workgroup_size(64)
fn contribute(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= STRIDE) { return; }
  let at = id.y * STRIDE + id.x;
  let added = SCALE * factors[FACTOR] * y[at];
  y[at] = added;
  x[at] += added;
}
