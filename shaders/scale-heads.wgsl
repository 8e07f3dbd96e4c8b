// attended[head] ← factors[head] · attended[head].   A thread a number.

override HEADS: u32;
override HEAD_DIM: u32;
override STRIDE: u32 = (HEADS * HEAD_DIM + 7) / 8 * 8; // numbers from row to row

struct Step { rows: u32, position: u32, first: u32, padding: u32, table: u32 }

@group(0) @binding(0) var<storage, read> factors: array<f32>;         // [HEADS], and more
@group(0) @binding(1) var<storage, read_write> attended: array<f32>;  // [rows, HEADS, HEAD_DIM]
@group(0) @binding(2) var<uniform> step: Step;

@compute @workgroup_size(64)
fn scale_heads(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < HEADS * HEAD_DIM) { attended[id.y * STRIDE + id.x] *= factors[id.x / HEAD_DIM]; }
}
