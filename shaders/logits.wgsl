// logits = softcap(SCALE · norm(x)·weightᵀ + bias) of the rows from step.first on, where softcap(l) = c·tanh(l / c), and
// the peaks of the last of these rows: of every 8 logits the largest, and Σ exp(logit − largest).
// A lane group makes the 8 logits of a peak (fragments/products). With rows START … START + ROWS − 1 of weight, these
// logits are made, and the others left alone.

override VOCAB: u32;
override START: u32;
override ROWS: u32;
override SCALE: f32;
override SOFTCAP: f32; // c; 0: none
override HAS_BIAS: bool;
override STRIDE: u32 = (VOCAB + 7) / 8;     // peaks; twice as many are the vec4s from row to row of y
override END: u32 = (START + ROWS + 7) / 8; // peak after the part's last
override ALIGNED: bool = START % 8 == 0 && (ROWS % 8 == 0 || START + ROWS == VOCAB); // no vec4 of y is shared with others

struct Step { rows: u32, position: u32, first: u32, padding: u32, table: u32 }

@group(0) @binding(0) var<storage, read> x: array<vec4f>;           // [step.rows, IN_WIDTH]
// @binding(1) weight: [ROWS, IN_WIDTH], read through product
@group(0) @binding(2) var<storage, read> bias: array<vec4f>;        // [VOCAB]
@group(0) @binding(3) var<storage, read> gain: array<vec4f>;        // [IN_WIDTH]
@group(0) @binding(4) var<storage, read> shift: array<vec4f>;       // [IN_WIDTH]
@group(0) @binding(5) var<storage, read_write> y: array<vec4f>;     // [step.rows - step.first, VOCAB]
@group(0) @binding(6) var<storage, read_write> peaks: array<vec2f>; // [⌈VOCAB / 8⌉]; a sum below 0: one is NaN or +∞
@group(0) @binding(7) var<uniform> step: Step;

const THREADS = 64;
const INFINITY = 0x7f800000u;
const NEGATIVE_INFINITY = 0xff800000u;
const LARGE = 1e30; // logits beyond ±LARGE count as that

@compute @workgroup_size(THREADS)
fn logits(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let lanes = lane_count();
  let lane = thread % lanes;
  let at = START / 8 + (group.z * groups.x + group.x) * (THREADS / lanes) + thread / lanes; // which peak
  let inside = at < END;
  let first = at * 8 + vec4u(0, 1, 2, 3); // ids
  let second = first + 4;
  var made = products((step.first + group.y) * IN_GROUPS * 2, within(first), within(second), inside, thread);
  made *= SCALE;
  if (HAS_BIAS) { made += mat2x4f(bias[2 * at], bias[2 * at + 1]); }
  if (SOFTCAP > 0) { made = mat2x4f(softcap(made[0]), softcap(made[1])); }

  let a = select(vec4f(-LARGE), clamp(made[0], vec4f(-LARGE), vec4f(LARGE)), owns(first));
  let b = select(vec4f(-LARGE), clamp(made[1], vec4f(-LARGE), vec4f(LARGE)), owns(second));
  let most = max(a, b);
  let largest = max(max(most.x, most.y), max(most.z, most.w));
  var terms = 0.0;
  if (lane < 4) { terms = decay(a[lane] - largest) + decay(b[lane] - largest); } // two for each of four lanes
  var peak = vec2f(largest, sum_lanes(vec4f(terms), thread).x);

  if (inside && lane == 0) {
    let to = (group.y * STRIDE + at) * 2;
    put(to, first, made[0]);
    put(to + 1, second, made[1]);
    if (step.first + group.y + 1 < step.rows) { return; }
    if (at * 8 < START) { peak = joined(peak, peaks[at]); } // it began in an earlier part
    if (any(broken(made[0]) & owns(first)) || any(broken(made[1]) & owns(second))) { peak.y = -1; }
    peaks[at] = peak;
  }
}

/// Rows of the part: ids beside it read its first or last row, and are not written.
fn within(ids: vec4u) -> vec4u { return clamp(ids, vec4u(START), vec4u(START + ROWS - 1)) - START; }

fn owns(ids: vec4u) -> vec4<bool> { return (ids >= vec4u(START)) & (ids < vec4u(START + ROWS)); }

/// Four numbers of y: `made` where they belong to the part, 0 after the last.
fn put(to: u32, ids: vec4u, made: vec4f) {
  var others = vec4f();
  if (!ALIGNED) { others = select(others, y[to], ids < vec4u(VOCAB)); }
  y[to] = select(others, made, owns(ids));
}

/// exp(x) for x ≤ 0.
fn decay(x: f32) -> f32 { return exp(max(x, -80)); }

fn joined(peak: vec2f, other: vec2f) -> vec2f {
  let largest = max(peak.x, other.x);
  let sum = peak.y * decay(peak.x - largest) + other.y * decay(other.x - largest);
  return vec2f(largest, select(sum, -1, other.y < 0));
}

/// NaN or +∞.
fn broken(l: vec4f) -> vec4<bool> {
  let bits = bitcast<vec4u>(l);
  return ((bits & vec4u(INFINITY)) == vec4u(INFINITY)) & (bits != vec4u(NEGATIVE_INFINITY));
}

/// SOFTCAP · tanh(l / SOFTCAP). The built-in tanh may be inexact, and NaN where e^x overflows; e^-x cannot.
fn softcap(l: vec4f) -> vec4f {
  let e = exp(-2 * abs(l) / SOFTCAP);
  return SOFTCAP * sign(l) * (1 - e) / (1 + e);
}
