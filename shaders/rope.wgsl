// RoPE: splits a fused projection into heads, norms, cuts off and turns them (fragments/heads), and puts k and v in the
// cache. Lanes share a head of a row; each makes two neighbouring dims at a time, which is what a u32 of an f16 cache holds.

struct Step { rows: u32, position: u32, first: u32, padding: u32, table: u32 }

@group(0) @binding(0) var<storage, read> qkv: array<f32>;            // [rows, HEADS + 2 · KV_HEADS, HEAD_DIM]: q, k, v
@group(0) @binding(1) var<storage, read> table: array<vec2f>;        // [positions, ROTARY_DIM / 2] of cos, sin; from step.table on
@group(0) @binding(2) var<storage, read> q_gain: array<f32>;         // [HEAD_DIM], or [HEADS, HEAD_DIM]
@group(0) @binding(3) var<storage, read> k_gain: array<f32>;         // [HEAD_DIM], or [KV_HEADS, HEAD_DIM]
@group(0) @binding(4) var<storage, read_write> q: array<vec2f>;      // [rows, HEADS, HEAD_DIM]
@group(0) @binding(5) var<storage, read_write> keys: array<u32>;     // [capacity, KV_HEADS, HEAD_DIM], f32 or f16
@group(0) @binding(6) var<storage, read_write> values: array<u32>;   // [capacity, KV_HEADS, HEAD_DIM], f32 or f16
@group(0) @binding(7) var<uniform> step: Step;

const THREADS = 64;

@compute @workgroup_size(THREADS)
fn rope(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let lanes = lane_count();
  let nth = (id.y * workgroups.x + id.x) * (THREADS / lanes) + thread / lanes; // of the heads of all rows
  let row = nth / (HEADS + 2 * KV_HEADS);
  let index = nth % (HEADS + 2 * KV_HEADS);
  let head = head_of(row, index, thread);
  if (row >= step.rows) { return; }

  let position = step.position + row;
  for (var unit = thread % lanes; unit < UNITS; unit += lanes) {
    var numbers: vec2f;
    if (head.part == V) { numbers = straight_unit(head, unit); } else { numbers = turned_unit(head, unit, step.table + position); }
    let slot = (position * KV_HEADS + (index - HEADS) % KV_HEADS) * UNITS + unit;
    if (head.part == Q) {
      q[(row * HEADS + index) * UNITS + unit] = numbers;
    } else if (head.part == K) {
      if (CACHE_F16) {
        keys[slot] = half_floats(numbers);
      } else {
        keys[2 * slot] = bitcast<u32>(numbers.x);
        keys[2 * slot + 1] = bitcast<u32>(numbers.y);
      }
    } else if (CACHE_F16) {
      values[slot] = half_floats(numbers);
    } else {
      values[2 * slot] = bitcast<u32>(numbers.x);
      values[2 * slot + 1] = bitcast<u32>(numbers.y);
    }
  }
}
