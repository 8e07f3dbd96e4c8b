// Positions: y += positions[position + row + OFFSET].   A workgroup takes 64 vec4s of a row.

override WIDTH: u32; // numbers in a row
override OFFSET: u32; // row of `positions` that belongs to position 0
override STRIDE: u32 = (WIDTH + 7) / 8 * 2; // vec4s from row to row

struct Step { rows: u32, position: u32, first: u32, padding: u32, table: u32 }

@group(0) @binding(0) var<storage, read> positions: array<vec4f>;  // [context + OFFSET, WIDTH]
@group(0) @binding(1) var<storage, read_write> y: array<vec4f>;    // [rows, WIDTH]
@group(0) @binding(2) var<uniform> step: Step;

@compute @workgroup_size(64)
fn add_positions(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= STRIDE || id.y >= step.rows) { return; }
  y[id.y * STRIDE + id.x] += positions[(step.position + id.y + OFFSET) * STRIDE + id.x];
}
