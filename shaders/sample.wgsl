// The next token: one id drawn from logits [VOCAB] by one workgroup, without a sort. Per id:
//   l = logit + bias                                        bias −∞ bans the id
//   l = l > 0 ? l / repetition : l · repetition             ids in the prompt or generated
//   l = l − presence − frequency · n                        ids generated, n times
//   x = (l − max l) / temperature                           temperature 0: the largest l, the lowest id among equals
//   kept: the top_k largest x; of these the fewest whose share of exp(x) reaches top_p; of these exp(x) ≥ min_p
//   next = argmin of −ln(1 − u) / exp(x) over kept ids      u = hash(seed, position, id)
// The last line is an exponential race: id wins with probability exp(x) / Σ exp(x), and no prefix sum is needed.
// Thresholds are found as in a radix sort: a histogram of the keys' 7 highest bits says in which bin the threshold
// lies, a histogram of the next 7 bits within that bin says more, and so on: five times. Among equals the lowest
// ids are kept. Only integers are added across threads, so the order in which threads run changes nothing.
// Workgroup memory is kept small: one of the drivers takes compile time for each word that must start at zero.

override VOCAB: u32; // up to 2²² − 1, so that sums of COARSE units fit

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
  biased: u32,              // 0: bias is not read
  penalised: u32,           // 0: counts are not read
  spare: u32,
}

@group(0) @binding(0) var<storage, read> logits: array<u32>;         // [VOCAB] f32 bits: a NaN must arrive unharmed
@group(0) @binding(1) var<storage, read> bias: array<u32>;           // [VOCAB] f32 bits
@group(0) @binding(2) var<storage, read_write> counts: array<u32>;   // [VOCAB] bit 31: in prompt; below: times generated
@group(0) @binding(3) var<storage, read_write> adjusted: array<u32>; // [VOCAB] scratch: the key of l, 0 for banned ids
@group(0) @binding(4) var<storage, read_write> ids: array<u32>;      // [1] where the next embed reads
@group(0) @binding(5) var<storage, read_write> result: array<u32>;   // [4] id, logprob (f32 bits), status, ids kept
@group(0) @binding(6) var<uniform> options: Options;
@group(0) @binding(7) var<uniform> step: Step;

const OK = 0u;
const NOT_FINITE = 1u; // a logit is NaN or +∞
const ALL_BANNED = 2u;

// What top-k and top-p add up until they have enough.
const COUNT = 0u;
const MASS = 1u;

const THREADS = 256u;
const DIGIT_BITS = 7u;
const DIGITS = 5u; // the last one has the 4 bits that are left
const BINS = 128u;
const INFINITY = 0x7f800000u;
const NEGATIVE_INFINITY = 0xff800000u;
const NONE = 0xffffffffu;
const LARGE = 1e30;         // logits are cut to ±LARGE, far from overflow
const LEAST = -80.0;        // exp(LEAST) is as good as zero, and its inverse is still a float
const COARSE = 1024.0;      // Σ exp is kept as u32s in units of 1/COARSE, and what is left of each term
const FINE = 1048576.0;     // in units of 1/FINE of that
const WHOLE = 2147483648.0; // fixed point: this mass is all of it, and u32 sums have a factor 2 to spare

// Two histograms take turns: while one is filled, the other is cleared.
var<workgroup> histograms: array<atomic<u32>, 2 * BINS>;
var<workgroup> largest_logit: atomic<u32>; // keys
var<workgroup> largest: atomic<u32>;
var<workgroup> broken: atomic<u32>;
var<workgroup> sum_coarse: atomic<u32>;
var<workgroup> sum_fine: atomic<u32>;
var<workgroup> mass_bound: atomic<u32>;
var<workgroup> mass_total: atomic<u32>;
var<workgroup> threshold_bin: Bin;
var<workgroup> crowded: u32;
var<workgroup> last_tie: u32;
var<workgroup> best_score: atomic<u32>;
var<workgroup> best_id: atomic<u32>; // its complement, so that the largest is the lowest id
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

/// (m, Σ exp((l − m) · scale)), m the largest l so far, with one more l.
fn add_exp(sum: vec2f, l: f32, scale: f32) -> vec2f {
  if (l > sum.x) { return vec2f(l, sum.y * decay((sum.x - l) * scale) + 1); }
  return vec2f(sum.x, sum.y + decay((l - sum.x) * scale));
}

/// The key of logit l after bias and penalties; 0 for a banned id.
fn adjust(id: u32, logit: f32) -> u32 {
  var l = logit;
  if (options.biased != 0) {
    let added = bias[id];
    if (added == NEGATIVE_INFINITY) { return 0; }
    l += bitcast<f32>(added);
  }
  if (options.penalised != 0) {
    let count = counts[id];
    if (count != 0) { l = select(l * options.repetition, l / options.repetition, l > 0); }
    let generated = count & 0x7fffffff;
    if (generated != 0) { l -= options.presence + options.frequency * f32(generated); }
  }
  return key_of(clamp(l, -LARGE, LARGE));
}

struct Bin {
  digit: u32,
  need: u32, // what is still to be found inside this bin
  sum: u32,  // what the bin holds
}

fn shift_of(digit: u32) -> u32 { return select(32 - DIGIT_BITS * (digit + 1), 0, digit == DIGITS - 1); }

fn bin_of(key: u32, digit: u32) -> u32 {
  return extractBits(key, shift_of(digit), select(DIGIT_BITS, 32 - DIGIT_BITS * (DIGITS - 1), digit == DIGITS - 1));
}

/// The bin, from the highest down, in which the running sum reaches `need`; bin 0 if it never does.
fn find_bin(histogram: u32, need: u32) -> Bin {
  var bin = Bin(BINS - 1, need, atomicLoad(&histograms[histogram + BINS - 1]));
  while (bin.sum < bin.need && bin.digit > 0) {
    bin.need -= bin.sum;
    bin.digit--;
    bin.sum = atomicLoad(&histograms[histogram + bin.digit]);
  }
  return bin;
}

/// What an id adds to a histogram: 1, or exp(x) in fixed point.
fn amount_of(measure: u32, key: u32, top: f32, unit: f32) -> u32 {
  if (measure == COUNT) { return 1; }
  return u32(round(decay((value_of(key) - top) * options.inverse_temperature) * unit));
}

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
  let by_count = !greedy && options.top_k > 0 && options.top_k < VOCAB;
  let by_mass = !greedy && options.top_p < 1;

  var sum = vec2f(-LARGE, 0);    // of the logits as they came
  var shaped = vec2f(-LARGE, 0); // of l, at this temperature
  var winner = vec2u();          // (score, id), score 0: none
  var kept = 1u;
  for (var id = thread; id < VOCAB; id += THREADS) {
    let bits = logits[id];
    var key = 0u;
    if ((bits & INFINITY) != INFINITY) {
      let logit = clamp(bitcast<f32>(bits), -LARGE, LARGE);
      sum = add_exp(sum, logit, 1);
      key = adjust(id, logit);
    } else if (bits != NEGATIVE_INFINITY) {
      atomicStore(&broken, 1);
    }
    adjusted[id] = key;
    if (key > winner.x) { winner = vec2u(key, id); }
    if (by_mass && key != 0) { shaped = add_exp(shaped, value_of(key), options.inverse_temperature); }
  }
  atomicMax(&largest_logit, key_of(sum.x));
  atomicMax(&largest, winner.x);
  workgroupBarrier();
  let part = sum.y * decay(sum.x - value_of(atomicLoad(&largest_logit))) * COARSE;
  atomicAdd(&sum_coarse, u32(part));
  atomicAdd(&sum_fine, u32(fract(part) * FINE));
  var goal = atomicLoad(&largest);

  if (!greedy) {
    let top = value_of(max(goal, key_of(-LARGE)));
    if (by_mass) {
      let own_bound = shaped.y * decay((shaped.x - top) * options.inverse_temperature) * COARSE;
      atomicAdd(&mass_bound, u32(own_bound) + 1);
      workgroupBarrier();
    }
    // The unit of mass is such that the mass of all ids that top-k leaves cannot exceed WHOLE by more than rounding.
    var bound = max(f32(atomicLoad(&mass_bound)) / COARSE, 1);
    if (by_count) { bound = min(bound, f32(options.top_k)); }
    let unit = WHOLE / bound;

    // Kept are keys above `threshold`, and of the `tied` ids whose key equals it, the lowest `wanted`.
    var threshold = 0u;
    var wanted = 0u;
    var tied = 0u;
    var turn = 0u; // of the histograms
    for (var measure = select(MASS, COUNT, by_count); measure <= select(COUNT, MASS, by_mass); measure++) {
      var bin = Bin(0, options.top_k, 0);
      var found = 0u; // the new threshold, as far as its bits are known
      var known = 0u;
      for (var digit = 0u; digit < DIGITS; digit++) {
        let histogram = turn % 2 * BINS;
        if (thread < BINS) { atomicStore(&histograms[(turn + 1) % 2 * BINS + thread], 0); }
        var own = 0u;
        for (var id = thread; id < VOCAB; id += THREADS) {
          let key = adjusted[id];
          if (key > threshold && (key & known) == found) {
            let amount = amount_of(measure, key, top, unit);
            if (amount != 0) { atomicAdd(&histograms[histogram + bin_of(key, digit)], amount); }
            own += amount;
          }
        }
        if (thread == 0 && wanted != 0 && (threshold & known) == found) { // what top-k left of equals
          let amount = wanted * amount_of(measure, threshold, top, unit);
          atomicAdd(&histograms[histogram + bin_of(threshold, digit)], amount);
          own += amount;
        }
        if (measure == MASS && digit == 0) { atomicAdd(&mass_total, own); }
        workgroupBarrier();
        if (thread == 0) {
          if (measure == MASS && digit == 0) {
            let total = atomicLoad(&mass_total);
            bin.need = clamp(u32(ceil(options.top_p * f32(total))), 1, max(total, 1));
          }
          threshold_bin = find_bin(histogram, bin.need);
        }
        bin = workgroupUniformLoad(&threshold_bin);
        found |= bin.digit << shift_of(digit);
        known = NONE << shift_of(digit);
        turn++;
      }
      let each = max(amount_of(measure, found, top, unit), 1);
      if (found != threshold) { // else the ties are those of top-k
        threshold = found;
        tied = (bin.sum + each / 2) / each;
        wanted = tied;
      }
      wanted = min(wanted, (bin.need + each - 1) / each);
    }

    var last = NONE; // the highest id kept among equals
    if (by_count || by_mass) {
      if (thread == 0) { crowded = u32(wanted < tied); }
      if (workgroupUniformLoad(&crowded) != 0) {
        let range = (VOCAB + BINS - 1) / BINS; // this histogram is one of ids
        for (var id = thread; id < VOCAB; id += THREADS) {
          if (adjusted[id] == threshold) { atomicAdd(&histograms[turn % 2 * BINS + id / range], 1); }
        }
        storageBarrier(); // thread 0 reads what others wrote to `adjusted`
        workgroupBarrier();
        if (thread == 0) {
          var at = 0u;
          var missing = wanted;
          var here = atomicLoad(&histograms[turn % 2 * BINS]);
          while (here < missing && at < BINS - 1) {
            missing -= here;
            at++;
            here = atomicLoad(&histograms[turn % 2 * BINS + at]);
          }
          var id = at * range;
          for (; id < VOCAB; id++) {
            if (adjusted[id] == threshold) {
              missing--;
              if (missing == 0) { break; }
            }
          }
          last_tie = id;
        }
        last = workgroupUniformLoad(&last_tie);
      }
    }

    winner = vec2u();
    kept = 0;
    for (var id = thread; id < VOCAB; id += THREADS) {
      let key = adjusted[id];
      if (key == 0 || key < threshold || (key == threshold && id > last)) { continue; }
      let x = (value_of(key) - top) * options.inverse_temperature;
      if (x < options.log_min_p) { continue; }
      kept++;
      let time = exponential(hash(step.position + step.rows, id)) * exp(min(-x, -LEAST));
      let score = ~bitcast<u32>(time); // positive floats order as their bits do
      if (score > winner.x) { winner = vec2u(score, id); }
    }
    atomicMax(&best_score, winner.x);
    workgroupBarrier();
    goal = atomicLoad(&best_score);
  }

  if (goal != 0 && winner.x == goal) { atomicMax(&best_id, ~winner.y); }
  atomicAdd(&kept_total, kept);
  workgroupBarrier();
  if (thread == 0) {
    var status = OK;
    if (goal == 0) { status = ALL_BANNED; }
    if (atomicLoad(&broken) != 0) { status = NOT_FINITE; }
    var id = 0u;
    var logprob = 0.0;
    var count = 0u;
    if (status == OK) {
      id = ~atomicLoad(&best_id);
      let total = f32(atomicLoad(&sum_coarse)) / COARSE + f32(atomicLoad(&sum_fine)) / (COARSE * FINE);
      logprob = clamp(bitcast<f32>(logits[id]), -LARGE, LARGE) - value_of(atomicLoad(&largest_logit)) - log(total);
      count = select(atomicLoad(&kept_total), 1, greedy);
      counts[id] += 1;
    }
    ids[0] = id;
    result[0] = id;
    result[1] = bitcast<u32>(logprob);
    result[2] = status;
    result[3] = count;
  }
}
