// Masked softmax, in place: y = softmax(SCALE · x + mask) over the keys of a row.   One workgroup per (row, head).
//
// The query of a row is at position step.position + row. It sees key j when j ≥ step.padding, when j ≤ its position if
// CAUSAL, and when j > its position − WINDOW if WINDOW > 0. Other keys get exactly 0; so does a row that sees none.
//
// With SINKS, every row of a head has one more score, not scaled, whose weight is left out of what is written.

override SCALE: f32;
override CAUSAL: bool;
override WINDOW: u32; // 0: none
override SINKS: bool;

struct Step { rows: u32, position: u32, first: u32, padding: u32, table: u32 }

@group(0) @binding(0) var<storage, read_write> scores: array<f32>;  // [heads, rows, position + rows]
@group(0) @binding(1) var<storage, read> sinks: array<f32>;         // [heads]
@group(0) @binding(2) var<uniform> step: Step;

const THREADS = 64;
const LOWEST = -3e38;
var<workgroup> maxima: array<f32, THREADS>;
var<workgroup> sums: array<f32, THREADS>;

@compute @workgroup_size(THREADS)
fn softmax(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let row = group.x;
  let head = group.y;
  let keys = step.position + step.rows;
  let line = (head * step.rows + row) * keys;

  // What is visible is one stretch of keys.
  let position = step.position + row;
  var begin = step.padding;
  if (WINDOW > 0 && position >= WINDOW) { begin = max(begin, position - WINDOW + 1); }
  var end = keys;
  if (CAUSAL) { end = position + 1; }

  let has_sink = SINKS && thread == 0;
  var largest = LOWEST;
  if (has_sink) { largest = sinks[head]; }
  for (var key = begin + thread; key < end; key += THREADS) { largest = max(largest, SCALE * scores[line + key]); }
  var sum = 0.0;
  if (has_sink) { sum = exp(sinks[head] - largest); }
  for (var key = begin + thread; key < end; key += THREADS) { sum += exp(SCALE * scores[line + key] - largest); }
  maxima[thread] = largest;
  sums[thread] = sum;
  workgroupBarrier();

  // Every thread merges all threads' results itself: one barrier, where a tree takes six.
  for (var i = 0u; i < THREADS; i++) { largest = max(largest, maxima[i]); }
  var total = 0.0;
  for (var i = 0u; i < THREADS; i++) { total += sums[i] * exp(maxima[i] - largest); }

  for (var key = thread; key < keys; key += THREADS) {
    var weight = 0.0;
    if (key >= begin && key < end) { weight = exp(SCALE * scores[line + key] - largest) / total; }
    scores[line + key] = weight;
  }
}
