// The distribution that `sample` drew from: over the ids that it kept, p = exp(x − max x) / Σ exp(x − max x), where
// x = l / temperature and l is the logit after bias and penalties. The logprob of the drawn id, and the COUNT likeliest
// (fragments/ranks). One workgroup, over what `sample` left of its candidates; not for greedy draws, which keep one id.

override THREADS: u32;

struct Options {
  seed: vec2u,
  inverse_temperature: f32,
  top_k: u32,
  top_p: f32,
  log_min_p: f32,
  repetition: f32,
  presence: f32,
  frequency: f32,
  biased: u32,
  penalised: u32,
  surveyed: u32,
}

@group(0) @binding(0) var<storage, read> candidates: array<vec2u>;  // [listed] key of l, LAST_ID − id
@group(0) @binding(1) var<storage, read> result: array<u32>;        // [8] as `sample` leaves it
@group(0) @binding(2) var<storage, read_write> drawn: array<u32>;   // [2 + 2 · COUNT]: logprob (f32 bits), –, pairs
@group(0) @binding(3) var<uniform> options: Options;

const LAST_ID = 0x3fffffu;

var<workgroup> largest: atomic<u32>; // key
var<workgroup> own: atomic<u32>;     // key of the drawn id
var<workgroup> sums: array<f32, THREADS>;

/// x − max x of a key.
fn heat(key: u32) -> f32 {
  return (value_of(key) - value_of(atomicLoad(&largest))) * options.inverse_temperature;
}

/// Whether `sample` kept a candidate.
fn kept(candidate: vec2u) -> bool {
  let reaches = candidate.x > result[4] || (candidate.x == result[4] && candidate.y >= result[5]);
  return reaches && heat(candidate.x) >= options.log_min_p;
}

fn best_after(thread: u32, last: vec2u) -> vec2u {
  var found = vec2u();
  for (var at = thread; at < result[6]; at += THREADS) {
    let candidate = candidates[at];
    let pair = vec2u(candidate.x, ~(LAST_ID - candidate.y));
    if (precedes(last, pair) && precedes(pair, found) && kept(candidate)) { found = pair; }
  }
  return found;
}

@compute @workgroup_size(THREADS)
fn drawn_stats(@builtin(local_invocation_index) thread: u32) {
  let listed = result[6];
  for (var at = thread; at < listed; at += THREADS) {
    let candidate = candidates[at];
    atomicMax(&largest, candidate.x);
    if (LAST_ID - candidate.y == result[0]) { atomicStore(&own, candidate.x); }
  }
  workgroupBarrier();
  var sum = 0.0;
  for (var at = thread; at < listed; at += THREADS) {
    let candidate = candidates[at];
    if (kept(candidate)) { sum += decay(heat(candidate.x)); }
  }
  sums[thread] = sum;
  rank_all(thread);

  if (thread == 0) {
    for (var i = 1u; i < THREADS; i++) { sum += sums[i]; }
    let total = log(sum);
    drawn[0] = bitcast<u32>(heat(atomicLoad(&own)) - total);
    for (var i = 0u; i < COUNT; i++) {
      let pair = ranked(i, options.inverse_temperature, total);
      drawn[2 + 2 * i] = pair.x;
      drawn[3 + 2 * i] = pair.y;
    }
  }
}
