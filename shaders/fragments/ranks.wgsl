// The COUNT best ids, by the keys of their logits, descending, the lowest id first among equals: each thread offers the best
// of those that it looks through; rank by rank the best offer wins, and the winner offers its next. A kernel declares
// best_after(thread, last): of a thread's pairs (key, complement of an id), the largest below `last`; (0, 0): none.

override COUNT: u32;

const INFINITY = 0x7f800000u;
const LARGE = 1e30; // logits beyond ±LARGE count as that

var<workgroup> best_key: array<atomic<u32>, COUNT>;
var<workgroup> best_id: array<atomic<u32>, COUNT>; // its complement, so that the largest is the lowest id

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

/// In the order of pairs.
fn precedes(pair: vec2u, other: vec2u) -> bool {
  return pair.x > other.x || (pair.x == other.x && pair.y > other.y);
}

/// Fills best_key and best_id. To be called in uniform control flow.
fn rank_all(thread: u32) {
  var offer = best_after(thread, vec2u(0xffffffff));
  for (var rank = 0u; rank < COUNT; rank++) {
    atomicMax(&best_key[rank], offer.x);
    workgroupBarrier();
    let wins = offer.x != 0 && offer.x == atomicLoad(&best_key[rank]);
    if (wins) { atomicMax(&best_id[rank], offer.y); }
    workgroupBarrier();
    if (wins && offer.y == atomicLoad(&best_id[rank])) { offer = best_after(thread, offer); }
  }
}

/// The id of a rank, and value − shift (f32 bits): fewer finite logits than COUNT leave ranks without an id.
fn ranked(rank: u32, factor: f32, shift: f32) -> vec2u {
  let key = atomicLoad(&best_key[rank]);
  let found = vec2u(~atomicLoad(&best_id[rank]), bitcast<u32>((value_of(key) - value_of(atomicLoad(&best_key[0]))) * factor - shift));
  return select(vec2u(0xffffffff, 0xff7fffff), found, key != 0);
}
