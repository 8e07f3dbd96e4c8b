// Attention with online softmax: y = Σ p(key)·v(key), p = softmax of q·k·SCALE over the keys that a query sees.
//
// The query of a row is at position step.position + row. It sees keys from step.padding up to its own position, and
// of those only the last WINDOW if WINDOW > 0. A query that sees none gets zeros.
//
// ALIBI adds slope · (key position − query position) to a score. A sink is one more score of a query, with no value.
//
// Lanes share a (row, head). Each takes every lane_count()-th key and keeps, of its own keys only, the largest score,
// the sum and the weighted sum relative to that; at the end they are brought to the largest of all and added. Until
// then no lane waits for another, and no workgroup memory is needed: on drivers that run on a CPU, both made prefill
// 5 to 7 times as long.

override HEADS: u32;
override KV_HEADS: u32;
override HEAD_DIM: u32;
override SCALE: f32;
override WINDOW: u32;  // 0: none
override SOFTCAP: f32; // score ← SOFTCAP · tanh(score / SOFTCAP); 0: none
override ALIBI: bool;
override SINKS: bool;
override CACHE_F16: bool;
override GROUPS: u32 = (HEAD_DIM + 7) / 8;              // of 8 dims from head to head; dims after HEAD_DIM are zero
override STRIDE: u32 = (HEADS * HEAD_DIM + 7) / 8 * 8;  // numbers from row to row of y

struct Step { rows: u32, position: u32, first: u32, padding: u32, table: u32 }

@group(0) @binding(0) var<storage, read> q: array<vec4f>;       // [rows, HEADS, HEAD_DIM]
@group(0) @binding(1) var<storage, read> keys: array<vec4u>;    // [capacity, KV_HEADS, HEAD_DIM], f32 or f16
@group(0) @binding(2) var<storage, read> values: array<vec4u>;  // [capacity, KV_HEADS, HEAD_DIM], f32 or f16
@group(0) @binding(3) var<storage, read> slopes: array<f32>;    // [HEADS]
@group(0) @binding(4) var<storage, read> sinks: array<f32>;     // [HEADS]
@group(0) @binding(5) var<storage, read_write> y: array<f32>;   // [rows, HEADS, HEAD_DIM], without gaps within a row
@group(0) @binding(6) var<uniform> step: Step;

const THREADS = 64;
const MOST_GROUPS = 32; // HEAD_DIM is at most 256
const LOWEST = -3e38;

fn halves(packed: vec4u) -> mat2x4f {
  return mat2x4f(
    vec4f(unpack2x16float(packed.x), unpack2x16float(packed.y)),
    vec4f(unpack2x16float(packed.z), unpack2x16float(packed.w)),
  );
}

/// Eight numbers of the cache: `at` counts groups of 8.
fn key8(at: u32) -> mat2x4f {
  if (CACHE_F16) { return halves(keys[at]); }
  return mat2x4f(bitcast<vec4f>(keys[2 * at]), bitcast<vec4f>(keys[2 * at + 1]));
}
fn value8(at: u32) -> mat2x4f {
  if (CACHE_F16) { return halves(values[at]); }
  return mat2x4f(bitcast<vec4f>(values[2 * at]), bitcast<vec4f>(values[2 * at + 1]));
}

/// q · k · SCALE, capped. `query` counts vec4s, `key` groups of 8.
fn score(query: u32, key: u32) -> f32 {
  var sum = vec4f();
  for (var i = 0u; i < GROUPS; i++) {
    let k = key8(key + i);
    sum += q[query + 2 * i] * k[0] + q[query + 2 * i + 1] * k[1];
  }
  let s = dot(sum, vec4f(1)) * SCALE;
  if (SOFTCAP == 0) { return s; }
  // ±1 from 10 on; some drivers' tanh overflows for large arguments.
  return SOFTCAP * tanh(clamp(s / SOFTCAP, -15, 15));
}

@compute @workgroup_size(THREADS)
fn attention(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let lanes = lane_count();
  let lane = thread % lanes;
  let pair = (id.y * groups.x + id.x) * (THREADS / lanes) + thread / lanes;
  let row = pair / HEADS;
  let head = pair % HEADS;
  let inside = row < step.rows;

  let query = pair * GROUPS * 2;
  let kv_head = head / (HEADS / KV_HEADS);
  let position = step.position + row;
  var begin = step.padding;
  if (WINDOW > 0 && position >= WINDOW) { begin = max(begin, position - WINDOW + 1); }
  let end = select(0, position + 1, inside);

  var slope = 0.0;
  if (ALIBI) { slope = slopes[head]; }

  var largest = LOWEST;
  var total = 0.0;
  if (SINKS && lane == 0) { // a key with a score and no value, seen before all others
    largest = sinks[head];
    total = 1;
  }
  var o: array<mat2x4f, MOST_GROUPS>;
  for (var key = begin + lane; key < end; key += lanes) {
    let at = (key * KV_HEADS + kv_head) * GROUPS;
    var s = score(query, at);
    if (ALIBI) { s -= slope * f32(position - key); }
    let before = largest;
    largest = max(largest, s);
    let fade = exp(before - largest);
    let weight = exp(s - largest);
    total = fade * total + weight;
    for (var i = 0u; i < GROUPS; i++) { o[i] = fade * o[i] + weight * value8(at + i); }
  }

  // Lanes add but do not compare: each adds its largest where the others have zero, four lanes at a time.
  let own = largest;
  for (var four = 0u; four < lanes; four += 4) {
    let largests = sum_lanes(select(vec4f(), vec4f(own), vec4u(lane) == four + vec4u(0, 1, 2, 3)), thread);
    let inner = select(vec4f(LOWEST), largests, four + vec4u(0, 1, 2, 3) < vec4u(lanes));
    largest = max(largest, max(max(inner.x, inner.y), max(inner.z, inner.w)));
  }
  let fade = exp(own - largest);
  total = sum_lanes(vec4f(total * fade), thread).x;
  let scale = select(0, fade / total, total > 0);

  let start = row * STRIDE + head * HEAD_DIM;
  for (var i = 0u; i < GROUPS; i++) {
    let sum = mat2x4f(sum_lanes(scale * o[i][0], thread), sum_lanes(scale * o[i][1], thread));
    if (inside) {
      for (var j = lane; j < 8 && 8 * i + j < HEAD_DIM; j += lanes) { y[start + 8 * i + j] = sum[j / 4][j % 4]; }
    }
  }
  if (inside && head == HEADS - 1) {
    for (var i = HEADS * HEAD_DIM + lane; i < STRIDE; i += lanes) { y[row * STRIDE + i] = 0; }
  }
}
