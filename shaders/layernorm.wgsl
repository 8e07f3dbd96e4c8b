// LayerNorm: y = SCALE · ((x − mean(x)) · rsqrt(var(x) + EPS) · (OFFSET + weight) + bias) (+ y).   Lanes share a row of x.
//
// The variance is summed about the mean, in a second pass: mean(x²) − mean(x)² cancels where the mean is large. The
// same pass finds by how much the mean itself was rounded.

override WIDTH: u32; // numbers in a row
override EPS: f32;
override OFFSET: f32;
override RESIDUAL: bool;
override SCALE: f32;
override STRIDE: u32 = (WIDTH + 7) / 8 * 2; // vec4s from row to row; numbers after WIDTH are zero

struct Step { rows: u32, position: u32, first: u32, padding: u32, table: u32 }

@group(0) @binding(0) var<storage, read> x: array<vec4f>;        // [rows, WIDTH]
@group(0) @binding(1) var<storage, read> weight: array<vec4f>;   // [WIDTH]
@group(0) @binding(2) var<storage, read> bias: array<vec4f>;     // [WIDTH]
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>;  // [rows, WIDTH]
@group(0) @binding(4) var<uniform> step: Step;

const THREADS = 64;

/// `v`, vec4 number `i` of a row, with zeros for the padding, which would otherwise count.
fn inside(v: vec4f, i: u32) -> vec4f {
  return select(vec4f(), v, vec4u(4 * i) + vec4u(0, 1, 2, 3) < vec4u(WIDTH));
}

@compute @workgroup_size(THREADS)
fn layernorm(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let lanes = lane_count();
  let lane = thread % lanes;
  let row = group.x * (THREADS / lanes) + thread / lanes;
  let start = row * STRIDE;
  let end = select(0u, STRIDE, row < step.rows);

  var sum = vec4f();
  for (var i = lane; i < end; i += lanes) { sum += x[start + i]; }
  let mean = dot(sum_lanes(sum, thread), vec4f(1)) / f32(WIDTH);

  var differences = vec4f();
  var squares = vec4f();
  for (var i = lane; i < end; i += lanes) {
    let d = inside(x[start + i] - mean, i);
    differences += d;
    squares += d * d;
  }
  let sums = vec4f(dot(differences, vec4f(1)), dot(squares, vec4f(1)), 0, 0);
  let moments = sum_lanes(sums, thread) / f32(WIDTH); // means of x − mean, which rounding left, and of its square

  let scale = inverseSqrt(moments.y - moments.x * moments.x + EPS);
  for (var i = lane; i < end; i += lanes) {
    let d = x[start + i] - mean - moments.x;
    var normed = SCALE * inside(d * scale * (OFFSET + weight[i]) + bias[i], i);
    if (RESIDUAL) { normed += y[start + i]; }
    y[start + i] = normed;
  }
}
