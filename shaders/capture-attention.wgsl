// Attention weights, to be looked at: w = softmax(s) over the keys that a row sees, of the rows from step.first on and of the
// heads in `chosen`, where s is q·k·SCALE, capped, with ALIBI's distance. Attention has run before: keys are in the cache,
// and q is made anew from the row of the fused projection (fragments/heads). A workgroup takes a head of a row, a thread
// every THREADS-th key.

override SCALE: f32;
override WINDOW: u32;  // 0: none
override SOFTCAP: f32; // score ← SOFTCAP · tanh(score / SOFTCAP); 0: none
override ALIBI: bool;
override SINKS: bool;
override CHOSEN: u32; // heads

struct Step { rows: u32, position: u32, first: u32, padding: u32, table: u32 }

@group(0) @binding(0) var<storage, read> qkv: array<f32>;            // [rows, HEADS + 2 · KV_HEADS, HEAD_DIM]: q, k, v
@group(0) @binding(1) var<storage, read> table: array<vec2f>;        // as rope's; with ALIBI [HEADS], slopes
@group(0) @binding(2) var<storage, read> q_gain: array<f32>;         // [HEAD_DIM], or [HEADS, HEAD_DIM]
@group(0) @binding(3) var<storage, read> k_gain: array<f32>;         // not read: q is all that is made
@group(0) @binding(4) var<storage, read> sinks: array<f32>;          // [HEADS]
@group(0) @binding(5) var<storage, read> keys: array<u32>;           // [capacity, KV_HEADS, HEAD_DIM], f32 or f16
@group(0) @binding(6) var<storage, read> chosen: array<u32>;         // [CHOSEN]
@group(0) @binding(7) var<storage, read_write> weights: array<f32>;  // [rows − first, CHOSEN, position + rows]
@group(0) @binding(8) var<uniform> step: Step;

const THREADS = 64;
const LOWEST = -3e38;

var<workgroup> q: array<vec2f, UNITS>;
var<workgroup> maxima: array<f32, THREADS>;
var<workgroup> sums: array<f32, THREADS>;

/// Two numbers of the cache.
fn key_unit(at: u32) -> vec2f {
  if (CACHE_F16) { return unpack2x16float(keys[at]); }
  return bitcast<vec2f>(vec2u(keys[2 * at], keys[2 * at + 1]));
}

@compute @workgroup_size(THREADS)
fn capture_attention(@builtin(workgroup_id) id: vec3u, @builtin(local_invocation_index) thread: u32) {
  let head = chosen[id.x];
  let row = step.first + id.y;
  let position = step.position + row;
  let count = step.position + step.rows;
  let line = (id.y * CHOSEN + id.x) * count;

  let query = head_of(row, head, thread);
  for (var unit = thread; unit < UNITS; unit += THREADS) { q[unit] = SCALE * turned_unit(query, unit, step.table + position); }
  workgroupBarrier();

  var begin = step.padding;
  if (WINDOW > 0 && position >= WINDOW) { begin = max(begin, position - WINDOW + 1); }
  var largest = LOWEST;
  var sum = 0.0;
  if (SINKS && thread == 0) { // a key with a score and no value
    largest = sinks[head];
    sum = 1;
  }
  for (var key = begin + thread; key <= position; key += THREADS) {
    let at = (key * KV_HEADS + head / (HEADS / KV_HEADS)) * UNITS;
    var score = 0.0;
    for (var unit = 0u; unit < UNITS; unit++) { score += dot(q[unit], key_unit(at + unit)); }
    // ±1 from 10 on; some drivers' tanh overflows for large arguments.
    if (SOFTCAP > 0) { score = SOFTCAP * tanh(clamp(score / SOFTCAP, -15, 15)); }
    if (ALIBI) { score -= table[head / 2][head % 2] * f32(position - key); }
    weights[line + key] = score;
    let most = max(largest, score);
    sum = sum * exp(largest - most) + exp(score - most);
    largest = most;
  }
  maxima[thread] = largest;
  sums[thread] = sum;
  workgroupBarrier();

  for (var i = 0u; i < THREADS; i++) { largest = max(largest, maxima[i]); }
  var total = 0.0;
  for (var i = 0u; i < THREADS; i++) { total += sums[i] * exp(maxima[i] - largest); }
  for (var key = thread; key < begin; key += THREADS) { weights[line + key] = 0; }
  for (var key = begin + thread; key <= position; key += THREADS) {
    weights[line + key] = exp(weights[line + key] - largest) / total;
  }
  for (var key = position + 1 + thread; key < count; key += THREADS) { weights[line + key] = 0; }
}
