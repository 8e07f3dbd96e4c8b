// Weighted sum: y = Σ weight(key) · v(key), weights from softmax.wgsl.   One thread for 8 dims of a (row, head).

override HEADS: u32;
override KV_HEADS: u32;
override HEAD_DIM: u32;
override CACHE_F16: bool;
override GROUPS: u32 = (HEAD_DIM + 7) / 8;              // of 8 dims from head to head; dims after HEAD_DIM are zero
override STRIDE: u32 = (HEADS * HEAD_DIM + 7) / 8 * 8;  // numbers from row to row of y

struct Step { rows: u32, position: u32, first: u32, padding: u32, table: u32 }

@group(0) @binding(0) var<storage, read> weights: array<f32>;   // [HEADS, rows, position + rows]
@group(0) @binding(1) var<storage, read> values: array<vec4u>;  // [capacity, KV_HEADS, HEAD_DIM], f32 or f16
@group(0) @binding(2) var<storage, read_write> y: array<f32>;   // [rows, HEADS, HEAD_DIM], without gaps within a row
@group(0) @binding(3) var<uniform> step: Step;

const THREADS = 64;

/// Eight numbers of the cache: `at` counts groups of 8.
fn value8(at: u32) -> mat2x4f {
  if (CACHE_F16) {
    let packed = values[at];
    return mat2x4f(
      vec4f(unpack2x16float(packed.x), unpack2x16float(packed.y)),
      vec4f(unpack2x16float(packed.z), unpack2x16float(packed.w)),
    );
  }
  return mat2x4f(bitcast<vec4f>(values[2 * at]), bitcast<vec4f>(values[2 * at + 1]));
}

@compute @workgroup_size(THREADS)
fn weighted_sum(@builtin(global_invocation_id) id: vec3u) {
  let group = id.x % GROUPS;
  let head = id.x / GROUPS;
  let row = id.y;
  if (head >= HEADS) { return; }

  let keys = step.position + step.rows;
  let start = (head * step.rows + row) * keys;
  let kv_head = head / (HEADS / KV_HEADS);
  var sum = mat2x4f();
  for (var key = 0u; key < keys; key++) {
    sum += weights[start + key] * value8((key * KV_HEADS + kv_head) * GROUPS + group);
  }

  let at = row * STRIDE + head * HEAD_DIM;
  for (var i = 0u; i < 8 && 8 * group + i < HEAD_DIM; i++) { y[at + 8 * group + i] = sum[i / 4][i % 4]; }
  if (head == HEADS - 1 && group == GROUPS - 1) {
    for (var i = HEADS * HEAD_DIM; i < STRIDE; i++) { y[row * STRIDE + i] = 0; }
  }
}
