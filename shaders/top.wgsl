// The COUNT likeliest ids and their logprobs: logit − ln Σ exp(logits). Descending, the lowest id first among equals.
// Each thread looks through its own spans of 8 ids (span mod THREADS = thread), under whose peaks the best may lie, and
// offers its best; rank by rank the best offer wins, and the winner offers its next.

override VOCAB: u32;
override COUNT: u32;
override THREADS: u32; // as in `sample`, whose sums are the same to the last bit
override SPANS: u32 = (VOCAB + 7) / 8;

@group(0) @binding(0) var<storage, read> logits: array<u32>;         // [VOCAB] f32 bits
@group(0) @binding(1) var<storage, read> peaks: array<vec2f>;        // [SPANS] as `logits` leaves them
@group(0) @binding(2) var<storage, read_write> result: array<vec2u>; // [COUNT] id, logprob (f32 bits)

const INFINITY = 0x7f800000u;
const LARGE = 1e30;
const COARSE = 1024.0;  // Σ exp is kept as u32s in units of 1/COARSE, and what is left of each term
const FINE = 1048576.0; // in units of 1/FINE of that

var<workgroup> best_key: array<atomic<u32>, COUNT>;
var<workgroup> best_id: array<atomic<u32>, COUNT>; // its complement, so that the largest is the lowest id
var<workgroup> sum_coarse: atomic<u32>;
var<workgroup> sum_fine: atomic<u32>;

/// A u32 that orders as the logit does, never 0; 0 for what is not finite.
fn key_of(logit: u32) -> u32 {
  if ((logit & INFINITY) == INFINITY) { return 0; }
  let bits = select(logit, 0, logit == 0x80000000);
  return select(bits | 0x80000000, ~bits, bits >> 31 == 1);
}

/// The inverse of key_of, cut to ±LARGE.
fn value_of(key: u32) -> f32 {
  return clamp(bitcast<f32>(select(~key, key & 0x7fffffff, key >> 31 == 1)), -LARGE, LARGE);
}

/// exp(x) for x ≤ 0.
fn decay(x: f32) -> f32 { return exp(max(x, -80)); }

/// The best of a thread's (key, complement of id) that come after `last`; key 0: none.
fn best_after(thread: u32, last: vec2u) -> vec2u {
  var found = vec2u();
  for (var span = thread; span < SPANS; span += THREADS) {
    let peak = peaks[span];
    if (peak.y >= 0 && found.x != 0 && peak.x <= value_of(found.x)) { continue; }
    for (var id = span * 8; id < min(span * 8 + 8, VOCAB); id++) {
      let key = key_of(logits[id]);
      let after = key < last.x || (key == last.x && ~id < last.y);
      if (after && key > found.x) { found = vec2u(key, ~id); }
    }
  }
  return found;
}

@compute @workgroup_size(THREADS)
fn top(@builtin(local_invocation_index) thread: u32) {
  var sum = vec2f(-LARGE, 0); // largest logit so far, Σ exp(logit − it)
  for (var span = thread; span < SPANS; span += THREADS) {
    let peak = peaks[span];
    let most = max(sum.x, peak.x);
    sum = vec2f(most, sum.y * decay(sum.x - most) + peak.y * decay(peak.x - most));
  }
  var offer = best_after(thread, vec2u(0xffffffff));

  for (var rank = 0u; rank < COUNT; rank++) {
    atomicMax(&best_key[rank], offer.x);
    workgroupBarrier();
    if (rank == 0) {
      let part = sum.y * decay(sum.x - value_of(atomicLoad(&best_key[0]))) * COARSE;
      atomicAdd(&sum_coarse, u32(part));
      atomicAdd(&sum_fine, u32(fract(part) * FINE));
    }
    let wins = offer.x != 0 && offer.x == atomicLoad(&best_key[rank]);
    if (wins) { atomicMax(&best_id[rank], offer.y); }
    workgroupBarrier();
    if (wins && offer.y == atomicLoad(&best_id[rank])) { offer = best_after(thread, offer); }
  }

  if (thread < COUNT) {
    let key = atomicLoad(&best_key[thread]);
    let total = f32(atomicLoad(&sum_coarse)) / COARSE + f32(atomicLoad(&sum_fine)) / (COARSE * FINE);
    let logprob = value_of(key) - value_of(atomicLoad(&best_key[0])) - log(total);
    // Fewer finite logits than COUNT leave ranks without an id.
    let found = vec2u(~atomicLoad(&best_id[thread]), bitcast<u32>(logprob));
    result[thread] = select(vec2u(0xffffffff, 0xff7fffff), found, key != 0);
  }
}
