// Heads of a fused projection, two neighbouring dims at a time: q and k normed, q, k and v cut off at ±CLIP, then q and k
// turned by their position.
//
//   RMS:    n ← n · rsqrt(mean(n²) + EPS) · (OFFSET + gain)                    over a head, or WIDE over all heads
//   LAYER:  n ← (n − mean(n)) · rsqrt(var(n) + EPS) · (OFFSET + gain)
//   turn:   (a, b) ← (a·cos − b·sin, b·cos + a·sin)                           for each of the ROTARY_DIM / 2 pairs
//
// A pair is dims (i, i + ROTARY_DIM / 2), or INTERLEAVED (2i, 2i + 1); dims from ROTARY_DIM on stay as they are. Several
// tables may lie behind each other: a kernel says which row is meant. A kernel declares qkv: [rows, heads, HEAD_DIM] as
// array<f32>, table: [positions, ROTARY_DIM / 2] of cos and sin as array<vec2f>, and q_gain, k_gain as array<f32>.

override HEADS: u32;
override KV_HEADS: u32;
override HEAD_DIM: u32;
override ROTARY_DIM: u32; // 0: nothing turns
override INTERLEAVED: bool;
override CLIP: f32; // 0: none
override NORM: u32; // one of the constants below
override WIDE: bool;
override EPS: f32;
override OFFSET: f32;
override GAIN_STRIDE: u32; // numbers of a gain from head to head; 0: all heads have the same
override GAINED: bool;     // else the gain is 1
override CACHE_F16: bool;
override UNITS: u32 = (HEAD_DIM + 7) / 8 * 4; // pairs of neighbouring dims from head to head; dims after HEAD_DIM are zero
override QKV_STRIDE: u32 = ((HEADS + 2 * KV_HEADS) * HEAD_DIM + 7) / 8 * 8; // numbers from row to row

// In the order of `normKinds` in products.ts.
const NONE = 0;
const RMS = 1;
const LAYER = 2;

const Q = 0u;
const K = 1u;
const V = 2u;

struct Head {
  part: u32,  // Q, K or V
  start: u32, // where its numbers begin, in qkv
  gain: u32,  // where theirs begin, in q_gain or k_gain
  mean: f32,  // LAYER: mean + rest is taken from each number; their sum would be rounded
  rest: f32,
  scale: f32,
}

/// Head number `index` of q, then k, then v, of a row, as the projection left it.
fn plain_head(row: u32, index: u32) -> Head {
  let part = select(select(V, K, index < HEADS + KV_HEADS), Q, index < HEADS);
  let nth = index - part_start(part);
  return Head(part, row * QKV_STRIDE + index * HEAD_DIM, nth * GAIN_STRIDE, 0, 0, 1);
}

/// The same, normed if it is of q or k. To be called in uniform control flow.
fn head_of(row: u32, index: u32, thread: u32) -> Head {
  var head = plain_head(row, index);
  if (NORM == NONE) { return head; }

  var first = head.start;
  var size = HEAD_DIM;
  if (WIDE) {
    first = row * QKV_STRIDE + part_start(head.part) * HEAD_DIM;
    size = select(KV_HEADS, HEADS, head.part == Q) * HEAD_DIM;
  }
  let lanes = lane_count();
  if (NORM == LAYER) {
    var sum = 0.0;
    for (var i = thread % lanes; i < size; i += lanes) { sum += qkv[first + i]; }
    head.mean = sum_lanes(vec4f(sum), thread).x / f32(size);
  }
  // About the mean: mean(n²) − mean(n)² cancels where the mean is large.
  var sums = vec2f();
  for (var i = thread % lanes; i < size; i += lanes) {
    let d = qkv[first + i] - head.mean;
    sums += vec2f(d, d * d);
  }
  let means = sum_lanes(vec4f(sums, 0, 0), thread).xy / f32(size);
  if (NORM == LAYER) { head.rest = means.x; }
  head.scale = inverseSqrt(means.y - head.rest * head.rest + EPS);
  return head;
}

fn part_start(part: u32) -> u32 { return select(0, HEADS, part > Q) + select(0, KV_HEADS, part == V); }

/// A number of a head, normed and cut off; zero in the padding.
fn straight(head: Head, dim: u32) -> f32 {
  if (dim >= HEAD_DIM) { return 0; }
  var n = qkv[head.start + dim];
  if (NORM != NONE && head.part != V) {
    n = (n - head.mean - head.rest) * head.scale;
    if (GAINED && head.part == Q) { n *= OFFSET + q_gain[head.gain + dim]; }
    if (GAINED && head.part == K) { n *= OFFSET + k_gain[head.gain + dim]; }
  }
  return select(n, clamp(n, -CLIP, CLIP), CLIP > 0);
}

/// The same, turned by the angles in row `angles` of the table.
fn turned(head: Head, dim: u32, angles: u32) -> f32 {
  let n = straight(head, dim);
  if (dim >= ROTARY_DIM) { return n; }
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
  let cross = angle.y * straight(head, other);
  return n * angle.x + select(-cross, cross, second);
}

/// Dims 2 · unit and 2 · unit + 1; those of v do not turn.
fn straight_unit(head: Head, unit: u32) -> vec2f { return vec2f(straight(head, 2 * unit), straight(head, 2 * unit + 1)); }
fn turned_unit(head: Head, unit: u32, angles: u32) -> vec2f {
  return vec2f(turned(head, 2 * unit, angles), turned(head, 2 * unit + 1, angles));
}

const LARGEST_F16 = vec2f(65504);

/// As an f16 cache has them; beyond the largest, the result would be anything.
fn half_floats(numbers: vec2f) -> u32 { return pack2x16float(clamp(numbers, -LARGEST_F16, LARGEST_F16)); }
