// A row of x times rows of weight, for kernels that make few rows of y: the lanes of a group together multiply it with four
// or eight rows of weight; how they divide the work is said in `products/`. The row is normed as it is read:
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

/// The factor of RMS, of what each lane of a group has of the row's squares.
fn rms_factor(squares: vec4f, thread: u32) -> f32 {
  return inverseSqrt(dot(sum_lanes(squares, thread), vec4f(1)) / f32(IN_WIDTH) + EPS);
}
