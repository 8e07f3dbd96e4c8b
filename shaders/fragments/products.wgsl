// A row of x times rows of weight, for kernels that make few rows of y: the lanes of a group stride over the row together,
// and multiply it with four or eight rows of weight at once. The row is normed as it is read:
//
//   RMS:    v = x · rsqrt(mean(x²) + EPS) · (OFFSET + gain)      one factor for the row: of the products, in the end
//   LAYER:  v = (x − mean(x)) · rsqrt(var(x) + EPS) · (OFFSET + gain) + shift
//
// A kernel declares x: [rows, IN_WIDTH], gain: [IN_WIDTH] and shift: [IN_WIDTH] as array<vec4f>; weights come through
// `numbers` and `product` of a file in `products/`.

override IN_WIDTH: u32;
override NORM: u32; // one of the constants below
override EPS: f32;
override OFFSET: f32;
override SHIFTED: bool;
override QUADS: u32; // of rows of weight that are multiplied together: 1 or 2
override IN_GROUPS: u32 = (IN_WIDTH + 7) / 8; // of 8 numbers, in a row of x and of weight

// In the order of `normKinds` in products.ts.
const NONE = 0;
const RMS = 1;
const LAYER = 2;

/// What LAYER norms a row of x with as it is read. The mean is `first + rest`, whose sum would be rounded.
struct Moments { first: f32, rest: f32, scale: f32 }

/// Numbers 8 · group … 8 · group + 7 of the row of x that begins at vec4 `row`, normed up to the factor of RMS, for which
/// their squares are added to `squares`.
fn x8(row: u32, group: u32, moments: Moments, squares: ptr<function, vec4f>) -> mat2x4f {
  let v = mat2x4f(x[row + 2 * group], x[row + 2 * group + 1]);
  if (NORM == NONE) { return v; }
  let factor = mat2x4f(OFFSET + gain[2 * group], OFFSET + gain[2 * group + 1]);
  if (NORM == RMS) {
    *squares += v[0] * v[0] + v[1] * v[1];
    return mat2x4f(v[0] * factor[0], v[1] * factor[1]);
  }
  let a = (v[0] - moments.first - moments.rest) * moments.scale;
  let b = (v[1] - moments.first - moments.rest) * moments.scale;
  var normed = mat2x4f(a * factor[0], b * factor[1]);
  if (SHIFTED) { normed += mat2x4f(shift[2 * group], shift[2 * group + 1]); }
  return normed;
}

/// Of LAYER, in one pass: numbers are taken from the mean of the row's first eight, so that squares stay small where the
/// mean of all is large.
fn moments_of(row: u32, lane: u32, lanes: u32, end: u32, thread: u32) -> Moments {
  let first = dot(x[row] + x[row + 1], vec4f(0.125));
  var sum = vec4f();
  var squares = vec4f();
  for (var i = lane; i < 2 * end; i += lanes) {
    var d = x[row + i] - first;
    if (IN_WIDTH % 8 != 0) { d = select(vec4f(), d, 4 * i + vec4u(0, 1, 2, 3) < vec4u(IN_WIDTH)); }
    sum += d;
    squares += d * d;
  }
  let means = sum_lanes(vec4f(dot(sum, vec4f(1)), dot(squares, vec4f(1)), 0, 0), thread) / f32(IN_WIDTH);
  return Moments(first, means.x, inverseSqrt(means.y - means.x * means.x + EPS));
}

/// The row of x that begins at vec4 `row`, normed, times eight rows of weight, or the first four where QUADS is 1. Zeros
/// where not `inside`. To be called in uniform control flow.
fn products(row: u32, first: vec4u, second: vec4u, inside: bool, thread: u32) -> mat2x4f {
  let lanes = lane_count();
  let lane = thread % lanes;
  let end = select(0u, IN_GROUPS, inside);
  var moments: Moments;
  if (NORM == LAYER) { moments = moments_of(row, lane, lanes, end, thread); }
  var squares = vec4f();
  var sums = mat2x4f();
  for (var unit = lane; unit < end / UNIT; unit += lanes) {
    let v = numbers(row, unit, moments, &squares);
    sums[0] += vec4f(
      product(first.x, unit, v), product(first.y, unit, v), product(first.z, unit, v), product(first.w, unit, v));
    if (QUADS == 2) {
      sums[1] += vec4f(
        product(second.x, unit, v), product(second.y, unit, v), product(second.z, unit, v), product(second.w, unit, v));
    }
  }
  sums[0] = sum_lanes(sums[0], thread);
  if (QUADS == 2) { sums[1] = sum_lanes(sums[1], thread); }
  if (NORM == RMS) {
    sums *= inverseSqrt(dot(sum_lanes(squares, thread), vec4f(1)) / f32(IN_WIDTH) + EPS);
  }
  return sums;
}
