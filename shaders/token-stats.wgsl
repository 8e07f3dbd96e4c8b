// What logits say of the token that came next, of each row from step.first on, with p = softmax(logits):
//   logprob = ln p(next)     rank = how many ids have a larger p, or the same and are lower     entropy = −Σ p · ln p
// and the COUNT likeliest ids (fragments/ranks). A workgroup takes a row, a thread every THREADS-th id. What is not finite is
// left out.

override VOCAB: u32;
override THREADS: u32;
override STRIDE: u32 = (VOCAB + 7) / 8 * 8; // numbers from row to row of logits
override RECORD: u32 = 4 + 2 * COUNT;       // words from row to row of stats

@group(0) @binding(0) var<storage, read> logits: array<u32>;        // [rows − first, VOCAB] f32 bits
@group(0) @binding(1) var<storage, read> next: array<u32>;          // [rows − first] ids
@group(0) @binding(2) var<storage, read_write> stats: array<u32>;   // [rows − first, RECORD]: rank, logprob, entropy, –, pairs

var<private> row: u32;
var<workgroup> peaks: array<vec3f, THREADS>; // of each thread: largest, Σ exp(l − largest), Σ exp(l − largest) · (l − largest)
var<workgroup> rank: atomic<u32>;

fn best_after(thread: u32, last: vec2u) -> vec2u {
  var found = vec2u();
  for (var id = thread; id < VOCAB; id += THREADS) {
    let pair = vec2u(key_of(logits[row * STRIDE + id]), ~id);
    if (precedes(last, pair) && pair.x > found.x) { found = pair; }
  }
  return found;
}

/// Two such sums in one.
fn joined(a: vec3f, b: vec3f) -> vec3f {
  let most = max(a.x, b.x);
  let fade = vec2f(decay(a.x - most), decay(b.x - most));
  let moved = max(vec2f(a.x, b.x) - most, vec2f(-80)); // so much is taken from every l
  return vec3f(most, dot(fade, vec2f(a.y, b.y)), dot(fade, vec2f(a.z, b.z) + moved * vec2f(a.y, b.y)));
}

@compute @workgroup_size(THREADS)
fn token_stats(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  row = group.x;
  let id = next[row];
  let own = vec2u(key_of(logits[row * STRIDE + id]), ~id);
  var sum = vec3f(-LARGE, 0, 0);
  var before = 0u;
  for (var other = thread; other < VOCAB; other += THREADS) {
    let key = key_of(logits[row * STRIDE + other]);
    if (key == 0) { continue; }
    if (precedes(vec2u(key, ~other), own)) { before++; }
    sum = joined(sum, vec3f(value_of(key), 1, 0));
  }
  peaks[thread] = sum;
  atomicAdd(&rank, before);
  rank_all(thread);

  if (thread == 0) {
    for (var i = 1u; i < THREADS; i++) { sum = joined(sum, peaks[i]); }
    let total = log(sum.y);
    let to = row * RECORD;
    stats[to] = atomicLoad(&rank);
    stats[to + 1] = select(0xff7fffff, bitcast<u32>(value_of(own.x) - sum.x - total), own.x != 0);
    stats[to + 2] = bitcast<u32>(total - sum.z / sum.y);
    for (var i = 0u; i < COUNT; i++) {
      let pair = ranked(i, 1, total);
      stats[to + 4 + 2 * i] = pair.x;
      stats[to + 5 + 2 * i] = pair.y;
    }
  }
}
