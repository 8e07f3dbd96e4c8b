// Attention of a decode step, from a row of the fused projection to its heads' sums: q and k are normed, cut off and turned
// (fragments/heads), k and v go to the cache, and y = Σ p(key)·v(key), p = softmax of q·k·SCALE over the keys that the row
// sees, as in attention.wgsl, which is for many rows.
//
// A workgroup takes SHARED heads that read the same keys, of one row, and one of the splits of its keys. Lanes divide the
// dims, so that a key is read once, in one piece; lane groups take turns with keys, four at a time, and are brought
// together in the end. With one split, y is made; with several, what merge_attention needs: for each split and head, the
// sum relative to its largest score, that score, and the sum of weights.
//
// Nothing that another workgroup writes can be read: each puts the key and value of its row, and of the rows before it in
// this run, in the cache itself. Where several do, they put the same there, and a lane reads only what it wrote.

override SCALE: f32;
override WINDOW: u32;  // 0: none
override SOFTCAP: f32; // score ← SOFTCAP · tanh(score / SOFTCAP); 0: none
override ALIBI: bool;
override SINKS: bool;
override SHARED: u32;  // divides HEADS / KV_HEADS; at most MOST_SHARED
override OWN: u32;     // units of a head that a lane has, at most; SHARED · OWN is at most MOST
override ROLLED: bool; // loops over them are not to be unrolled: lanes have many, and registers are memory anyway
override THREADS: u32;
override TEAM: bool;   // a workgroup has several lane groups
override STRIDE: u32 = (HEADS * HEAD_DIM + 7) / 8 * 8; // numbers from row to row of y
override PARTIAL: u32 = 2 * UNITS + 2;                 // numbers from head to head of a split
override SUMS: u32 = select(1u, THREADS * OWN, TEAM);

struct Step { rows: u32, position: u32, first: u32, padding: u32, table: u32 }

@group(0) @binding(0) var<storage, read> qkv: array<f32>;           // [rows, HEADS + 2 · KV_HEADS, HEAD_DIM]: q, k, v
@group(0) @binding(1) var<storage, read> table: array<vec2f>;       // as rope's; with ALIBI [HEADS], slopes
@group(0) @binding(2) var<storage, read> q_gain: array<f32>;        // [HEAD_DIM], or [HEADS, HEAD_DIM]
@group(0) @binding(3) var<storage, read> k_gain: array<f32>;        // [HEAD_DIM], or [KV_HEADS, HEAD_DIM]
@group(0) @binding(4) var<storage, read> sinks: array<f32>;         // [HEADS]
@group(0) @binding(5) var<storage, read_write> keys: array<u32>;    // [capacity, KV_HEADS, HEAD_DIM], f32 or f16
@group(0) @binding(6) var<storage, read_write> values: array<u32>;  // [capacity, KV_HEADS, HEAD_DIM], f32 or f16
@group(0) @binding(7) var<storage, read_write> y: array<f32>;       // [rows, HEADS, HEAD_DIM], or [splits, HEADS, PARTIAL]
@group(0) @binding(8) var<uniform> step: Step;

const MOST_SHARED = 4;
const MOST = 32; // HEAD_DIM is at most 256, and no subgroup is smaller than 4
const LOWEST = -3e38;

// Of this lane: of q and of the weighted sum, units lane, lane + lanes, … of each head.
var<private> q: array<vec2f, MOST>;
var<private> o: array<vec2f, MOST>;
// Of this lane group, by head: the largest score so far, and the sum of weights relative to it.
var<private> largest: array<f32, MOST_SHARED>;
var<private> total: array<f32, MOST_SHARED>;

var<workgroup> scalars: array<f32, THREADS>;
var<workgroup> sums: array<vec2f, SUMS>;

/// Two numbers of the cache.
fn key_unit(at: u32) -> vec2f {
  if (CACHE_F16) { return unpack2x16float(keys[at]); }
  return bitcast<vec2f>(vec2u(keys[2 * at], keys[2 * at + 1]));
}
fn value_unit(at: u32) -> vec2f {
  if (CACHE_F16) { return unpack2x16float(values[at]); }
  return bitcast<vec2f>(vec2u(values[2 * at], values[2 * at + 1]));
}

fn capped(score: vec4f) -> vec4f {
  if (SOFTCAP == 0) { return score; }
  // ±1 from 10 on; some drivers' tanh overflows for large arguments.
  return SOFTCAP * tanh(clamp(score / SOFTCAP, vec4f(-15), vec4f(15)));
}

struct Weighed { weights: vec4f, fade: f32 }

/// Takes four keys into a head's softmax: their weights, and what the sums of those before are to be multiplied with.
fn weigh(h: u32, head: u32, score: vec4f, distance: vec4f, seen: vec4<bool>) -> Weighed {
  var s = capped(score);
  if (ALIBI) { s -= table[head / 2][head % 2] * distance; }
  s = select(vec4f(LOWEST), s, seen);
  let before = largest[h];
  largest[h] = max(before, max(max(s.x, s.y), max(s.z, s.w)));
  let weights = select(vec4f(), exp(s - largest[h]), seen);
  let fade = exp(before - largest[h]);
  total[h] = fade * total[h] + dot(weights, vec4f(1));
  return Weighed(weights, fade);
}

@compute @workgroup_size(THREADS)
fn decode_attention(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let lanes = lane_count();
  let lane = thread % lanes;
  let group = thread / lanes;
  let groups = THREADS / lanes;
  let own = select(OWN, (UNITS + lanes - 1) / lanes, ROLLED);
  let first_head = id.x * SHARED;
  let kv_head = first_head / (HEADS / KV_HEADS);
  let row = id.y;
  let position = step.position + row;

  for (var h = 0u; h < SHARED; h++) {
    let head = head_of(row, first_head + h, thread);
    for (var i = 0u; i < own; i++) {
      let unit = lane + i * lanes;
      q[h * OWN + i] = vec2f();
      if (unit < UNITS) { q[h * OWN + i] = SCALE * turned_unit(head, unit, step.table + position); }
      o[h * OWN + i] = vec2f();
    }
    largest[h] = LOWEST;
    total[h] = 0;
    if (SINKS && group == 0 && id.z == 0) { // a key with a score and no value, seen before all others
      largest[h] = sinks[first_head + h];
      total[h] = 1;
    }
  }

  for (var other = 0u; other <= row; other++) {
    let k_head = head_of(other, HEADS + kv_head, thread);
    let v_head = plain_head(other, HEADS + KV_HEADS + kv_head);
    for (var unit = lane; unit < UNITS; unit += lanes) {
      let at = ((step.position + other) * KV_HEADS + kv_head) * UNITS + unit;
      let k = turned_unit(k_head, unit, step.table + step.position + other);
      let v = straight_unit(v_head, unit);
      if (CACHE_F16) {
        keys[at] = half_floats(k);
        values[at] = half_floats(v);
      } else {
        keys[2 * at] = bitcast<u32>(k.x);
        keys[2 * at + 1] = bitcast<u32>(k.y);
        values[2 * at] = bitcast<u32>(v.x);
        values[2 * at + 1] = bitcast<u32>(v.y);
      }
    }
  }

  // This split's keys.
  var begin = step.padding;
  if (WINDOW > 0 && position >= WINDOW) { begin = max(begin, position - WINDOW + 1); }
  let count = max(begin, position + 1) - begin;
  let each = ((count + workgroups.z - 1) / workgroups.z + 3) / 4 * 4;
  let start = begin + id.z * each;
  let end = min(start + each, begin + count);
  for (var base = start; base < end; base += 4 * groups) {
    let key = base + 4 * group + vec4u(0, 1, 2, 3);
    let seen = key < vec4u(end);
    let at = (min(key, vec4u(end - 1)) * KV_HEADS + kv_head) * UNITS;
    var scores = array<vec4f, MOST_SHARED>();
    for (var i = 0u; i < own; i++) {
      let unit = lane + i * lanes;
      if (unit >= UNITS) { break; }
      let k0 = key_unit(at.x + unit);
      let k1 = key_unit(at.y + unit);
      let k2 = key_unit(at.z + unit);
      let k3 = key_unit(at.w + unit);
      for (var h = 0u; h < SHARED; h++) {
        let u = q[h * OWN + i];
        scores[h] += vec4f(dot(u, k0), dot(u, k1), dot(u, k2), dot(u, k3));
      }
    }
    var weights: array<vec4f, MOST_SHARED>;
    var fades: array<f32, MOST_SHARED>;
    for (var h = 0u; h < SHARED; h++) {
      let weighed = weigh(h, first_head + h, sum_lanes(scores[h], thread), vec4f(position - key), seen);
      weights[h] = weighed.weights;
      fades[h] = weighed.fade;
    }
    for (var i = 0u; i < own; i++) {
      let unit = lane + i * lanes;
      if (unit >= UNITS) { break; }
      let v01 = vec4f(value_unit(at.x + unit), value_unit(at.y + unit));
      let v23 = vec4f(value_unit(at.z + unit), value_unit(at.w + unit));
      for (var h = 0u; h < SHARED; h++) {
        let w = weights[h];
        let sum = w.xxyy * v01 + w.zzww * v23;
        o[h * OWN + i] = fades[h] * o[h * OWN + i] + sum.xy + sum.zw;
      }
    }
  }

  for (var h = 0u; h < SHARED; h++) {
    if (TEAM) { gather(h, own, thread); }
    if (group == 0) { put(h, own, row, first_head + h, id.z, workgroups.z, lane, lanes); }
  }
}

/// Stores what a head's keys add up to.
fn put(h: u32, own: u32, row: u32, head: u32, split: u32, splits: u32, lane: u32, lanes: u32) {
  let partial = (split * HEADS + head) * PARTIAL;
  let to = row * STRIDE + head * HEAD_DIM;
  let scale = select(0, 1 / total[h], total[h] > 0); // without keys and sinks: zeros
  for (var i = 0u; i < own; i++) {
    let unit = lane + i * lanes;
    if (unit >= UNITS) { break; }
    let sum = o[h * OWN + i];
    if (splits > 1) {
      y[partial + 2 * unit] = sum.x;
      y[partial + 2 * unit + 1] = sum.y;
    } else {
      if (2 * unit < HEAD_DIM) { y[to + 2 * unit] = scale * sum.x; }
      if (2 * unit + 1 < HEAD_DIM) { y[to + 2 * unit + 1] = scale * sum.y; }
    }
  }
  if (splits > 1 && lane == 0) {
    y[partial + 2 * UNITS] = largest[h];
    y[partial + 2 * UNITS + 1] = total[h];
  }
  if (splits == 1 && head == HEADS - 1) {
    for (var i = HEADS * HEAD_DIM + lane; i < STRIDE; i += lanes) { y[row * STRIDE + i] = 0; }
  }
}

/// Brings a head's sums of all lane groups together, in the first one.
fn gather(h: u32, own: u32, thread: u32) {
  let lanes = lane_count();
  let groups = THREADS / lanes;
  scalars[thread] = largest[h];
  workgroupBarrier();
  var all = LOWEST;
  for (var i = 0u; i < groups; i++) { all = max(all, scalars[i * lanes]); }
  let fade = exp(largest[h] - all);
  for (var i = 0u; i < own; i++) { sums[thread * OWN + i] = fade * o[h * OWN + i]; }
  workgroupBarrier();
  scalars[thread] = fade * total[h];
  workgroupBarrier();
  largest[h] = all;
  total[h] = 0;
  for (var i = 0u; i < own; i++) { o[h * OWN + i] = vec2f(); }
  for (var group = 0u; group < groups; group++) {
    total[h] += scalars[group * lanes];
    for (var i = 0u; i < own; i++) { o[h * OWN + i] += sums[(group * lanes + thread % lanes) * OWN + i]; }
  }
  workgroupBarrier(); // nobody overwrites what another still reads
}
