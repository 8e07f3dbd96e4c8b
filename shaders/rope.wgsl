// RoPE: splits a fused projection into heads, turns those of q and k by their position, and puts k and v in the cache.
//
//   (a, b) ← (a·cos − b·sin, b·cos + a·sin)   for each of the ROTARY_DIM / 2 pairs of dims of a head
//
// A pair is dims (i, i + ROTARY_DIM / 2), or INTERLEAVED (2i, 2i + 1); dims from ROTARY_DIM on stay as they are.
// Before that, q, k and v are cut off at ±CLIP. Several tables may lie behind each other: step.table rows are skipped.
// Each thread makes two neighbouring dims, which is what a u32 of an f16 cache holds.

override HEADS: u32;
override KV_HEADS: u32;
override HEAD_DIM: u32;
override ROTARY_DIM: u32; // 0: nothing turns
override INTERLEAVED: bool;
override CLIP: f32; // 0: none
override CACHE_F16: bool;
override HEAD_PAIRS: u32 = (HEAD_DIM + 7) / 8 * 4; // pairs of dims from head to head; dims after HEAD_DIM are zero
override QKV_STRIDE: u32 = ((HEADS + 2 * KV_HEADS) * HEAD_DIM + 7) / 8 * 8; // numbers from row to row

struct Step { rows: u32, position: u32, first: u32, padding: u32, table: u32 }

@group(0) @binding(0) var<storage, read> qkv: array<f32>;            // [rows, HEADS + 2 · KV_HEADS, HEAD_DIM]: q, k, v
@group(0) @binding(1) var<storage, read> table: array<vec2f>;        // [positions, ROTARY_DIM / 2] of cos, sin; from step.table on
@group(0) @binding(2) var<storage, read_write> q: array<vec2f>;      // [rows, HEADS, HEAD_DIM]
@group(0) @binding(3) var<storage, read_write> keys: array<u32>;     // [capacity, KV_HEADS, HEAD_DIM], f32 or f16
@group(0) @binding(4) var<storage, read_write> values: array<u32>;   // [capacity, KV_HEADS, HEAD_DIM], f32 or f16
@group(0) @binding(5) var<uniform> step: Step;

const THREADS = 64;
const LARGEST_F16 = vec2f(65504);

/// The number at `dim` of the head whose numbers start at `head`, cut off; zero in the padding.
fn plain(head: u32, dim: u32) -> f32 {
  if (dim >= HEAD_DIM) { return 0; }
  if (CLIP > 0) { return clamp(qkv[head + dim], -CLIP, CLIP); }
  return qkv[head + dim];
}

/// The same, turned by the angles in row `angles` of the table.
fn turned(head: u32, dim: u32, angles: u32) -> f32 {
  if (dim >= ROTARY_DIM) { return plain(head, dim); }
  let half = ROTARY_DIM / 2;
  var pair = dim / 2;
  var second = dim % 2 == 1; // of its pair
  var other = dim ^ 1;
  if (!INTERLEAVED) {
    second = dim >= half;
    pair = select(dim, dim - half, second);
    other = select(dim + half, pair, second);
  }
  let angle = table[angles * half + pair];
  let cross = angle.y * plain(head, other);
  return plain(head, dim) * angle.x + select(-cross, cross, second);
}

@compute @workgroup_size(THREADS)
fn rope(@builtin(global_invocation_id) id: vec3u) {
  let head = id.x / HEAD_PAIRS;
  let pair = id.x % HEAD_PAIRS;
  let row = id.y;
  if (head >= HEADS + 2 * KV_HEADS) { return; }

  let source = row * QKV_STRIDE + head * HEAD_DIM;
  let position = step.position + row;
  let angles = step.table + position;
  let dim = 2 * pair;
  if (head < HEADS) {
    let to = (row * HEADS + head) * HEAD_PAIRS + pair;
    q[to] = vec2f(turned(source, dim, angles), turned(source, dim + 1, angles));
    return;
  }

  let is_key = head < HEADS + KV_HEADS;
  var numbers = vec2f(plain(source, dim), plain(source, dim + 1));
  if (is_key) { numbers = vec2f(turned(source, dim, angles), turned(source, dim + 1, angles)); }
  let slot = (position * KV_HEADS + (head - HEADS) % KV_HEADS) * HEAD_PAIRS + pair;
  if (CACHE_F16) {
    let packed = pack2x16float(clamp(numbers, -LARGEST_F16, LARGEST_F16)); // beyond, the result is anything
    if (is_key) { keys[slot] = packed; } else { values[slot] = packed; }
  } else {
    let bits = bitcast<vec2u>(numbers);
    if (is_key) {
      keys[2 * slot] = bits.x;
      keys[2 * slot + 1] = bits.y;
    } else {
      values[2 * slot] = bits.x;
      values[2 * slot + 1] = bits.y;
    }
  }
}
