// The next token: one id drawn from logits [VOCAB] by one workgroup, without a sort. Per id, l is the logit after bias
// and penalties (as `survey` found it, where there are any), and
//   x = (l − max l) / temperature                           temperature 0: the largest l, the lowest id among equals
//   kept: the top_k largest x; of these the fewest whose share of exp(x) reaches top_p; of these exp(x) ≥ min_p
//   next = argmin of −ln(1 − u) / exp(x) over kept ids      u = hash(seed, position, id)
// The last line is an exponential race: id wins with probability exp(x) / Σ exp(x), and no prefix sum is needed.
//
// Hardly any id is looked at: `logits` left the peak of every 8. Ids that may be kept, the candidates, are listed first:
//   top_k   the k-th largest of what each thread finds largest is no larger than the k-th largest l
//   top_p   ids of mass below (1 − top_p) · total / VOCAB have not more than 1 − top_p of it together
//   min_p   is a bound already
// Thresholds are then found among them bit by bit; among equals, the same with their ids, of which the lowest are kept.
// Only integers are added across threads, so the order in which threads run changes nothing.
// Workgroup memory is kept small: one of the drivers takes compile time for each word that must start at zero.

override VOCAB: u32; // up to 2²² − 1, so that sums of COARSE units fit
override SPANS: u32 = (VOCAB + 7) / 8;
override THREADS: u32;
override FEW: u32 = THREADS / 16 * 15; // up to so many are looked for among what the threads find largest

struct Step { rows: u32, position: u32, first: u32, padding: u32, table: u32 }
struct Options {
  seed: vec2u,
  inverse_temperature: f32, // 0: greedy
  top_k: u32,               // 0: all
  top_p: f32,               // 1: all
  log_min_p: f32,           // ln(min_p)
  repetition: f32,
  presence: f32,
  frequency: f32,
  biased: u32,
  penalised: u32,
  surveyed: u32,            // 0: keys and surveys are not read
}

@group(0) @binding(0) var<storage, read> logits: array<u32>;              // [VOCAB] f32 bits
@group(0) @binding(1) var<storage, read> peaks: array<vec2f>;             // [SPANS] as `logits` leaves them
@group(0) @binding(2) var<storage, read> keys: array<u32>;                // [VOCAB] as `survey` leaves them: keys of l
@group(0) @binding(3) var<storage, read> surveys: array<vec2u>;           // [SPANS] as well: the largest key, the mass
@group(0) @binding(4) var<storage, read_write> counts: array<u32>;        // [VOCAB] bit 31: in prompt; below: times generated
@group(0) @binding(5) var<storage, read_write> candidates: array<vec2u>;  // [VOCAB] scratch: key of l, complement of id
@group(0) @binding(6) var<storage, read_write> ids: array<u32>;           // [1] where the next embed reads
@group(0) @binding(7) var<storage, read_write> result: array<u32>;        // [8] id, logprob (f32 bits), status, ids kept, least kept, listed
@group(0) @binding(8) var<uniform> options: Options;
@group(0) @binding(9) var<uniform> step: Step;

const OK = 0u;
const NOT_FINITE = 1u; // a logit is NaN or +∞
const ALL_BANNED = 2u;

// What is selected: where candidates begin, the top_k largest, the fewest that reach top_p.
const REACH = 0u;
const COUNT = 1u;
const MASS = 2u;

const INFINITY = 0x7f800000u;
const LAST_ID = 0x3fffffu;
const LARGE = 1e30;         // logits are cut to ±LARGE, far from overflow
const LEAST = -80.0;        // exp(LEAST) is as good as zero, and its inverse is still a float
const COARSE = 1024.0;      // Σ exp is kept as u32s in units of 1/COARSE, and what is left of each term
const FINE = 1048576.0;     // in units of 1/FINE of that
const WHOLE = 2147483648.0; // fixed point: this mass is all of it, and u32 sums have a factor 2 to spare

// They take turns: one is added to, the next is cleared, and the one before somebody may still read.
var<workgroup> tallies: array<atomic<u32>, 3>;
var<workgroup> largest_logit: atomic<u32>; // keys
var<workgroup> largest: atomic<u32>;
var<workgroup> broken: atomic<u32>;
var<workgroup> sum_coarse: atomic<u32>;
var<workgroup> sum_fine: atomic<u32>;
var<workgroup> mass_coarse: atomic<u32>;
var<workgroup> mass_fine: atomic<u32>;
var<workgroup> listed: atomic<u32>;
var<workgroup> best_score: atomic<u32>;
var<workgroup> best_order: atomic<u32>;
var<workgroup> kept_total: atomic<u32>;

/// A u32 that orders as l does, never 0; −0 and 0 are equal.
fn key_of(l: f32) -> u32 {
  let bits = select(bitcast<u32>(l), 0, l == 0);
  return select(bits | 0x80000000, ~bits, bits >> 31 == 1);
}

/// The inverse of key_of.
fn value_of(key: u32) -> f32 { return bitcast<f32>(select(~key, key & 0x7fffffff, key >> 31 == 1)); }

/// exp(x) for x ≤ 0.
fn decay(x: f32) -> f32 { return exp(max(x, LEAST)); }

/// The key of an id's l; 0 for one that is not to be drawn.
fn key_at(id: u32) -> u32 {
  if (options.surveyed != 0) { return keys[id]; }
  let bits = logits[id];
  return select(key_of(clamp(bitcast<f32>(bits), -LARGE, LARGE)), 0, (bits & INFINITY) == INFINITY);
}

/// The largest key of a span; 0 where none is to be drawn.
fn key_of_span(span: u32) -> u32 {
  if (options.surveyed != 0) { return surveys[span].x; }
  let peak = peaks[span];
  return select(0, key_of(peak.x), peak.y > 0);
}

/// x of a key.
fn heat(key: u32) -> f32 { return (value_of(key) - value_of(atomicLoad(&largest))) * options.inverse_temperature; }

/// What a candidate adds: 1, or its mass.
fn amount_of(key: u32, stage: u32, unit: f32) -> u32 {
  if (stage != MASS) { return 1; }
  return u32(round(decay(heat(key)) * unit));
}

/// In the order of (key, LAST_ID − id).
fn reaches(candidate: vec2u, cut: vec2u) -> bool {
  return candidate.x > cut.x || (candidate.x == cut.x && candidate.y >= cut.y);
}

/// The f32 sum behind two atomics that `part · COARSE` was added to, whole and fraction.
fn total_of(coarse: u32, fine: u32) -> f32 { return f32(coarse) / COARSE + f32(fine) / (COARSE * FINE); }

/// 32 random bits for (seed, position, id): pcg4d of Jarzynski and Olano, "Hash Functions for GPU Rendering"
/// (JCGT 9(3), 2020).
fn hash(position: u32, id: u32) -> u32 {
  var v = vec4u(options.seed, position, id) * 1664525 + 1013904223;
  v.x += v.y * v.w;
  v.y += v.z * v.x;
  v.z += v.x * v.y;
  v.w += v.y * v.z;
  v ^= v >> vec4u(16);
  v.x += v.y * v.w;
  v.y += v.z * v.x;
  v.z += v.x * v.y;
  v.w += v.y * v.z;
  return v.w;
}

/// −ln(1 − u) with u = (bits + ½) / 2³²: small results, which win races, keep all their digits.
fn exponential(bits: u32) -> f32 {
  let u = (f32(bits) + 0.5) / 4294967296;
  if (u < 0.125) { return u * (1 + u * (1. / 2 + u * (1. / 3 + u * (1. / 4 + u * (1. / 5 + u * (1. / 6)))))); }
  return -log((f32(~bits) + 0.5) / 4294967296);
}

@compute @workgroup_size(THREADS)
fn sample(@builtin(local_invocation_index) thread: u32) {
  let greedy = options.inverse_temperature == 0;
  let by_count = !greedy && options.top_k > 0;
  let by_mass = !greedy && options.top_p < 1;
  let most_kept = select(VOCAB, min(options.top_k, VOCAB), by_count);

  // Σ exp of the logits as they came, of this thread's spans, and the largest key of l there.
  var sum = vec2f(-LARGE, 0);
  var own = 0u;
  for (var span = thread; span < SPANS; span += THREADS) {
    let peak = peaks[span];
    if (peak.y < 0) { atomicStore(&broken, 1); }
    let most = max(sum.x, peak.x);
    sum = vec2f(most, sum.y * decay(sum.x - most) + peak.y * decay(peak.x - most));
    own = max(own, key_of_span(span));
  }
  candidates[thread] = vec2u(own, 0);
  atomicMax(&largest_logit, key_of(sum.x));
  atomicMax(&largest, own);
  workgroupBarrier();
  let part = sum.y * decay(sum.x - value_of(atomicLoad(&largest_logit))) * COARSE;
  atomicAdd(&sum_coarse, u32(part));
  atomicAdd(&sum_fine, u32(fract(part) * FINE));
  let top = atomicLoad(&largest);

  // The unit of mass is such that the mass of all ids that top-k leaves cannot exceed WHOLE by more than rounding.
  var all = f32(most_kept);
  if (by_mass && options.surveyed != 0) {
    for (var span = thread; span < SPANS; span += THREADS) {
      let survey = surveys[span];
      if (survey.x == 0) { continue; }
      let mass = bitcast<f32>(survey.y) * decay(heat(survey.x)) * COARSE;
      atomicAdd(&mass_coarse, u32(mass));
      atomicAdd(&mass_fine, u32(fract(mass) * FINE));
    }
    workgroupBarrier();
    all = clamp(total_of(atomicLoad(&mass_coarse), atomicLoad(&mass_fine)), 1, all);
  }
  let unit = WHOLE / all;

  var count = THREADS;
  var cut = vec2u(1, 0); // kept is what reaches it
  var turn = 0u;         // of the tallies
  for (var stage = REACH; stage <= MASS; stage++) {
    var need = most_kept;
    var bits = 54u; // of a key, and of an id
    if (stage == REACH) {
      if (!by_count || need > FEW) { continue; }
      bits = 16; // a little too low will do
    }
    if (stage == COUNT) {
      var least = options.log_min_p;
      if (by_mass) { least = log((1 - options.top_p) * all / f32(VOCAB)); }
      let bound = value_of(top) + (1.001 * least - 0.001) / options.inverse_temperature;
      if (!by_count && least > LEAST) { cut.x = key_of(clamp(bound, -LARGE, LARGE)); }
      if (greedy) { cut.x = max(top, 1); }
      for (var span = thread; span < SPANS; span += THREADS) {
        if (key_of_span(span) < cut.x) { continue; }
        for (var id = span * 8; id < min(span * 8 + 8, VOCAB); id++) {
          let key = key_at(id);
          if (key >= cut.x) { candidates[atomicAdd(&listed, 1)] = vec2u(key, LAST_ID - id); }
        }
      }
      storageBarrier(); // other threads read what this one wrote to `candidates`
      workgroupBarrier();
      count = atomicLoad(&listed);
      if (!by_count) { continue; }
    }
    if (stage == MASS && !by_mass) { continue; }

    // The largest cut that enough candidates reach. The first turn only adds up what all of them have.
    var found = vec2u();
    for (var bit = 0u; bit <= bits; bit++) {
      turn++;
      if (thread == 0) { atomicStore(&tallies[(turn + 1) % 3], 0); }
      let next = select(vec2u(1u << (32 - bit), 0), vec2u(0, 1u << (54 - bit)), bit > 32);
      let trial = found + select(next, vec2u(), bit == 0);
      var amount = 0u;
      for (var index = thread; index < count; index += THREADS) {
        let candidate = candidates[index];
        if (reaches(candidate, cut) && reaches(candidate, trial)) { amount += amount_of(candidate.x, stage, unit); }
      }
      atomicAdd(&tallies[turn % 3], amount);
      workgroupBarrier();
      let tally = atomicLoad(&tallies[turn % 3]);
      if (bit == 0 && stage == MASS) {
        let total = select(u32(WHOLE), tally, by_count);
        need = clamp(u32(ceil(options.top_p * f32(total))), 1, max(total, 1));
      }
      if (tally >= need) { found = trial; }
    }
    if (reaches(found, cut)) { cut = found; }
  }

  var winner = vec2u(); // (score, LAST_ID − id), score 0: none
  var kept = 0u;
  for (var index = thread; index < count; index += THREADS) {
    let candidate = candidates[index];
    if (!reaches(candidate, cut)) { continue; }
    var score = 1u;
    if (!greedy) {
      let x = heat(candidate.x);
      if (x < options.log_min_p) { continue; }
      let time = exponential(hash(step.position + step.rows, LAST_ID - candidate.y)) * exp(min(-x, -LEAST));
      score = ~bitcast<u32>(time); // positive floats order as their bits do
    }
    kept++;
    if (reaches(vec2u(score, candidate.y), winner)) { winner = vec2u(score, candidate.y); }
  }
  atomicMax(&best_score, winner.x);
  atomicAdd(&kept_total, kept);
  workgroupBarrier();
  if (winner.x == atomicLoad(&best_score)) { atomicMax(&best_order, winner.y); }
  workgroupBarrier();
  if (thread == 0) {
    var status = OK;
    if (atomicLoad(&best_score) == 0) { status = ALL_BANNED; }
    if (atomicLoad(&broken) != 0) { status = NOT_FINITE; }
    var id = 0u;
    var logprob = 0.0;
    if (status == OK) {
      id = LAST_ID - atomicLoad(&best_order);
      let total = total_of(atomicLoad(&sum_coarse), atomicLoad(&sum_fine));
      logprob = clamp(bitcast<f32>(logits[id]), -LARGE, LARGE) - value_of(atomicLoad(&largest_logit)) - log(total);
      counts[id] += 1;
    }
    ids[0] = id;
    result[0] = id;
    result[1] = bitcast<u32>(logprob);
    result[2] = status;
    result[3] = select(0, select(atomicLoad(&kept_total), 1, greedy), status == OK);
    result[4] = cut.x;
    result[5] = cut.y;
    result[6] = atomicLoad(&listed);
  }
}
