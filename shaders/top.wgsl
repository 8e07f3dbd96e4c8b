// The COUNT likeliest ids and their logprobs: logit − ln Σ exp(logits). Descending, the lowest id first among equals
// (fragments/ranks). Each thread looks through its own spans of 8 ids (span mod THREADS = thread), under whose peaks the
// best may lie.

override VOCAB: u32;
override THREADS: u32; // as in `sample`, whose sums are the same to the last bit
override SPANS: u32 = (VOCAB + 7) / 8;

@group(0) @binding(0) var<storage, read> logits: array<u32>;         // [VOCAB] f32 bits
@group(0) @binding(1) var<storage, read> peaks: array<vec2f>;        // [SPANS] as `logits` leaves them
@group(0) @binding(2) var<storage, read_write> result: array<vec2u>; // [COUNT] id, logprob (f32 bits)

const COARSE = 1024.0;  // Σ exp is kept as u32s in units of 1/COARSE, and what is left of each term
const FINE = 1048576.0; // in units of 1/FINE of that

var<workgroup> sum_coarse: atomic<u32>;
var<workgroup> sum_fine: atomic<u32>;

fn best_after(thread: u32, last: vec2u) -> vec2u {
  var found = vec2u();
  for (var span = thread; span < SPANS; span += THREADS) {
    let peak = peaks[span];
    if (peak.y >= 0 && found.x != 0 && peak.x <= value_of(found.x)) { continue; }
    for (var id = span * 8; id < min(span * 8 + 8, VOCAB); id++) {
      let pair = vec2u(key_of(logits[id]), ~id);
      if (precedes(last, pair) && pair.x > found.x) { found = pair; }
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
  rank_all(thread);
  let part = sum.y * decay(sum.x - value_of(atomicLoad(&best_key[0]))) * COARSE;
  atomicAdd(&sum_coarse, u32(part));
  atomicAdd(&sum_fine, u32(fract(part) * FINE));
  workgroupBarrier();

  let total = f32(atomicLoad(&sum_coarse)) / COARSE + f32(atomicLoad(&sum_fine)) / (COARSE * FINE);
  if (thread < COUNT) { result[thread] = ranked(thread, 1, log(total)); }
}
