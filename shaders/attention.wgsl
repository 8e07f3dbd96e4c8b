// Attention of many queries, with online softmax: y = Σ p(key)·v(key), p = softmax of q·k·SCALE over the keys that a query
// sees. The query of a row is at position step.position + row. It sees keys from step.padding up to its own position, and
// of those only the last WINDOW if WINDOW > 0. A query that sees none gets zeros.
//
// ALIBI adds slope · (key position − query position) to a score. A sink is one more score of a query, with no value.
//
// A workgroup takes 8 queries that read the same keys: heads that share them, of neighbouring rows. It goes through the
// keys in tiles of 4 · KEYS. First a thread makes the scores of 4 keys with 8 queries, then the softmax of a query, then 4
// dims of the 8 sums. How threads come by what they share is said in shaders/tiles/.

override HEADS: u32;
override KV_HEADS: u32;
override HEAD_DIM: u32;
override SCALE: f32;
override WINDOW: u32;  // 0: none
override SOFTCAP: f32; // score ← SOFTCAP · tanh(score / SOFTCAP); 0: none
override ALIBI: bool;
override SINKS: bool;
override CACHE_F16: bool;
override THREADS: u32;                                 // whole quads, of which each thread makes 4 dims
override SHARED: u32 = HEADS / KV_HEADS;               // heads that read the same keys
override QUARTERS: u32 = (HEAD_DIM + 7) / 8 * 2;       // of 4 dims from head to head; dims after HEAD_DIM are zero
override STRIDE: u32 = (HEADS * HEAD_DIM + 7) / 8 * 8; // numbers from row to row of y
override KEYS: u32 = min(THREADS, 32);                 // of 4 keys each, in a tile

struct Step { rows: u32, position: u32, first: u32, padding: u32, table: u32 }

@group(0) @binding(0) var<storage, read> q: array<vec4f>;       // [rows, HEADS, HEAD_DIM]
@group(0) @binding(1) var<storage, read> keys: array<vec2u>;    // [capacity, KV_HEADS, HEAD_DIM], f32 or f16
@group(0) @binding(2) var<storage, read> values: array<vec2u>;  // [capacity, KV_HEADS, HEAD_DIM], f32 or f16
@group(0) @binding(3) var<storage, read> slopes: array<f32>;    // [HEADS]
@group(0) @binding(4) var<storage, read> sinks: array<f32>;     // [HEADS]
@group(0) @binding(5) var<storage, read_write> y: array<f32>;   // [rows, HEADS, HEAD_DIM], without gaps within a row
@group(0) @binding(6) var<uniform> step: Step;

const TALL = 8u; // queries of a workgroup
const LOWEST = -3e38;

// Of each query: its largest score so far, its weights relative to that, and what earlier sums are to be multiplied with.
var<workgroup> largest: array<f32, TALL>;
var<workgroup> total: array<f32, TALL>;
var<workgroup> fade: array<f32, TALL>;

/// Four dims of the cache: `at` counts groups of 4.
fn key4(at: u32) -> vec4f {
  if (CACHE_F16) { return halves(keys[at]); }
  return vec4f(bitcast<vec2f>(keys[2 * at]), bitcast<vec2f>(keys[2 * at + 1]));
}
fn value4(at: u32) -> vec4f {
  if (CACHE_F16) { return halves(values[at]); }
  return vec4f(bitcast<vec2f>(values[2 * at]), bitcast<vec2f>(values[2 * at + 1]));
}
fn halves(packed: vec2u) -> vec4f { return vec4f(unpack2x16float(packed.x), unpack2x16float(packed.y)); }

/// Where the keys that a row sees begin.
fn begin_of(row: u32) -> u32 {
  let position = step.position + row;
  if (WINDOW > 0 && position >= WINDOW) { return max(step.padding, position - WINDOW + 1); }
  return step.padding;
}

/// Before any key: a sink is a key with a score and no value, seen before all others.
fn begin(first: u32, kv_head: u32, thread: u32) {
  for (var n = thread; n < TALL; n += THREADS) {
    largest[n] = LOWEST;
    total[n] = 0;
    if (SINKS) {
      largest[n] = sinks[kv_head * SHARED + (first + n) % SHARED];
      total[n] = 1;
    }
  }
}

/// Where four keys, or values, begin in the cache.
fn rows_of(key: u32, end: u32, kv_head: u32) -> vec4u {
  return (min(key + vec4u(0, 1, 2, 3), vec4u(end - 1)) * KV_HEADS + kv_head) * QUARTERS;
}

/// Takes a tile's keys into the softmax of query n: its scores become weights.
fn weigh(n: u32, pair: u32, kv_head: u32, base: u32, count: u32) {
  let row = pair / SHARED;
  let begin = begin_of(row);
  let position = step.position + row;
  var slope = 0.0;
  if (ALIBI) { slope = slopes[kv_head * SHARED + pair % SHARED]; }
  let four = (count + 3) / 4;

  var largests = vec4f(largest[n]);
  for (var i = 0u; i < four; i++) {
    let key = base + 4 * i + vec4u(0, 1, 2, 3);
    var s = SCALE * tile[n * KEYS + i];
    // ±1 from 10 on; some drivers' tanh overflows for large arguments.
    if (SOFTCAP > 0) { s = SOFTCAP * tanh(clamp(s / SOFTCAP, vec4f(-15), vec4f(15))); }
    if (ALIBI) { s -= slope * vec4f(bitcast<vec4i>(position - key)); }
    s = select(vec4f(LOWEST), s, (key >= vec4u(begin)) & (key <= vec4u(position)));
    tile[n * KEYS + i] = s;
    largests = max(largests, s);
  }
  let new_largest = max(max(largests.x, largests.y), max(largests.z, largests.w));
  var sum = vec4f();
  for (var i = 0u; i < four; i++) {
    let s = tile[n * KEYS + i];
    let weights = select(vec4f(), exp(s - new_largest), s > vec4f(LOWEST));
    tile[n * KEYS + i] = weights;
    sum += weights;
  }
  fade[n] = exp(largest[n] - new_largest);
  total[n] = fade[n] * total[n] + dot(sum, vec4f(1));
  largest[n] = new_largest;
}
