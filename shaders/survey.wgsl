// What `sample` must know of every id where the peaks of the logits do not say it: the logit l after bias and penalties,
//   l = logit + bias                                        bias −∞ bans the id
//   l = l > 0 ? l / repetition : l · repetition             ids in the prompt or generated
//   l = l − presence − frequency · n                        ids generated, n times
// and of every 8 ids the largest l, and their mass at this temperature: Σ exp((l − largest l) / temperature).
// One thread a span of 8 ids.

override VOCAB: u32;

struct Options {
  seed: vec2u,
  inverse_temperature: f32,
  top_k: u32,
  top_p: f32,
  log_min_p: f32,
  repetition: f32,
  presence: f32,
  frequency: f32,
  biased: u32,    // 0: bias is not read
  penalised: u32, // 0: counts are not read
  surveyed: u32,
}

@group(0) @binding(0) var<storage, read> logits: array<u32>;          // [VOCAB] f32 bits
@group(0) @binding(1) var<storage, read> bias: array<u32>;            // [VOCAB] f32 bits
@group(0) @binding(2) var<storage, read> counts: array<u32>;          // [VOCAB] bit 31: in prompt; below: times generated
@group(0) @binding(3) var<storage, read_write> keys: array<u32>;      // [VOCAB] order as l does; 0: not to be drawn
@group(0) @binding(4) var<storage, read_write> surveys: array<vec2u>; // [⌈VOCAB / 8⌉] largest key, mass (f32 bits)
@group(0) @binding(5) var<uniform> options: Options;

const THREADS = 64;
const INFINITY = 0x7f800000u;
const NEGATIVE_INFINITY = 0xff800000u;
const LARGE = 1e30;

/// A u32 that orders as l does, never 0; −0 and 0 are equal.
fn key_of(l: f32) -> u32 {
  let bits = select(bitcast<u32>(l), 0, l == 0);
  return select(bits | 0x80000000, ~bits, bits >> 31 == 1);
}

/// exp of a temperature's x ≤ 0.
fn decay(x: f32) -> f32 { return exp(max(x * options.inverse_temperature, -80)); }

/// l; NEGATIVE_INFINITY, as bits, of an id that is not to be drawn.
fn adjusted(id: u32) -> u32 {
  let bits = logits[id];
  if ((bits & INFINITY) == INFINITY) { return NEGATIVE_INFINITY; }
  var l = clamp(bitcast<f32>(bits), -LARGE, LARGE);
  if (options.biased != 0) {
    let added = bias[id];
    if (added == NEGATIVE_INFINITY) { return NEGATIVE_INFINITY; }
    l += bitcast<f32>(added);
  }
  if (options.penalised != 0) {
    let count = counts[id];
    if (count != 0) { l = select(l * options.repetition, l / options.repetition, l > 0); }
    let generated = count & 0x7fffffff;
    if (generated != 0) { l -= options.presence + options.frequency * f32(generated); }
  }
  return bitcast<u32>(clamp(l, -LARGE, LARGE));
}

@compute @workgroup_size(THREADS)
fn survey(@builtin(global_invocation_id) global: vec3u) {
  let first = global.x * 8;
  var largest = -LARGE;
  var mass = 0.0;
  for (var id = first; id < min(first + 8, VOCAB); id++) {
    let bits = adjusted(id);
    let banned = bits == NEGATIVE_INFINITY;
    let l = select(bitcast<f32>(bits), -LARGE, banned);
    keys[id] = select(key_of(l), 0, banned);
    let most = max(largest, l);
    mass = mass * decay(largest - most) + select(decay(l - most), 0, banned);
    largest = most;
  }
  if (first < VOCAB) { surveys[global.x] = vec2u(select(0, key_of(largest), mass > 0), bitcast<u32>(mass)); }
}
