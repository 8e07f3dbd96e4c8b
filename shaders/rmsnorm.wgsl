// RMSNorm: y = x · rsqrt(mean(x²) + EPS) · weight.   One workgroup per row of x.

override WIDTH: u32; // numbers in a row
override EPS: f32;
override STRIDE: u32 = (WIDTH + 7) / 8 * 2; // vec4s from row to row; numbers after WIDTH are zero

@group(0) @binding(0) var<storage, read> x: array<vec4f>;        // [rows, WIDTH]
@group(0) @binding(1) var<storage, read> weight: array<vec4f>;   // [WIDTH]
@group(0) @binding(2) var<storage, read_write> y: array<vec4f>;  // [rows, WIDTH]

const THREADS = 64;
var<workgroup> squares: array<f32, THREADS>;

@compute @workgroup_size(THREADS)
fn rmsnorm(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let row = group.x * STRIDE;

  var sum = 0.0;
  for (var i = thread; i < STRIDE; i += THREADS) {
    let v = x[row + i];
    sum += dot(v, v);
  }
  squares[thread] = sum;
  workgroupBarrier();

  // Every thread adds all partial sums itself: one barrier, where a tree takes six.
  var total = 0.0;
  for (var i = 0u; i < THREADS; i++) { total += squares[i]; }

  let scale = inverseSqrt(total / f32(WIDTH) + EPS);
  for (var i = thread; i < STRIDE; i += THREADS) { y[row + i] = x[row + i] * scale * weight[i]; }
}
