// LayerNorm: y = (x − mean(x)) · rsqrt(var(x) + EPS) · weight + bias.   One workgroup per row of x.
//
// The variance is summed about the mean, in a second pass: mean(x²) − mean(x)² cancels where the mean is large. The
// same pass finds by how much the mean itself was rounded.

override WIDTH: u32; // numbers in a row
override EPS: f32;
override STRIDE: u32 = (WIDTH + 7) / 8 * 2; // vec4s from row to row; numbers after WIDTH are zero

@group(0) @binding(0) var<storage, read> x: array<vec4f>;        // [rows, WIDTH]
@group(0) @binding(1) var<storage, read> weight: array<vec4f>;   // [WIDTH]
@group(0) @binding(2) var<storage, read> bias: array<vec4f>;     // [WIDTH]
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>;  // [rows, WIDTH]

const THREADS = 64;
var<workgroup> sums: array<f32, THREADS>;
var<workgroup> moments: array<vec2f, THREADS>; // sums of d and d², d = x − mean

/// x[i] − mean, and zero for the padding, which would otherwise count in the variance.
fn centered(row: u32, i: u32, mean: f32) -> vec4f {
  let inside = vec4u(4 * i) + vec4u(0, 1, 2, 3) < vec4u(WIDTH);
  return select(vec4f(), x[row + i] - mean, inside);
}

@compute @workgroup_size(THREADS)
fn layernorm(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let row = group.x * STRIDE;

  var sum = 0.0;
  for (var i = thread; i < STRIDE; i += THREADS) { sum += dot(x[row + i], vec4f(1)); }
  sums[thread] = sum;
  workgroupBarrier();
  // Every thread adds all partial sums itself: one barrier, where a tree takes six.
  var total = 0.0;
  for (var i = 0u; i < THREADS; i++) { total += sums[i]; }
  let mean = total / f32(WIDTH);

  var moment = vec2f();
  for (var i = thread; i < STRIDE; i += THREADS) {
    let d = centered(row, i, mean);
    moment += vec2f(dot(d, vec4f(1)), dot(d, d));
  }
  moments[thread] = moment;
  workgroupBarrier();
  moment = vec2f();
  for (var i = 0u; i < THREADS; i++) { moment += moments[i]; }
  moment /= f32(WIDTH);

  let scale = inverseSqrt(moment.y - moment.x * moment.x + EPS);
  for (var i = thread; i < STRIDE; i += THREADS) {
    y[row + i] = (centered(row, i, mean) - moment.x) * scale * weight[i] + bias[i]; // weight and bias: 0 in the padding
  }
}
