enable subgroups;

// A workgroup makes 16 rows × 64 columns of y, a thread 16 × 4 in registers, without a barrier. What drivers that run on a
// CPU are slow at is reading: each number that a lane reads costs them as much as 16 products. So the four threads of a
// quad, which make the same rows, read a quarter of x each and swap.

const THREADS = 16;
const TALL = 16; // rows of y, a thread

@compute @workgroup_size(THREADS)
fn matmul(@builtin(workgroup_id) id: vec3u, @builtin(local_invocation_index) thread: u32) {
  let lane = thread & 3; // of the quad
  let first = id.x * TALL;
  let out = START / 4 + id.y * THREADS + thread; // which vec4 of a row of y

  let at = columns_from(out * 4);
  let own = min(first + lane + vec4u(0, 4, 8, 12), vec4u(step.rows - 1)) * IN_GROUPS;

  var a: mat4x4f; // column n: of row lane ^ n of the first four
  var b: mat4x4f;
  var c: mat4x4f;
  var d: mat4x4f;
  for (var i = 0u; i < IN_GROUPS; i++) {
    let w0 = weight8(at.x, i);
    let w1 = weight8(at.y, i);
    let w2 = weight8(at.z, i);
    let w3 = weight8(at.w, i);
    let low = mat4x4f(w0[0], w1[0], w2[0], w3[0]);
    let high = mat4x4f(w0[1], w1[1], w2[1], w3[1]);
    add_products(&a, x[own.x + i], low, high);
    add_products(&b, x[own.y + i], low, high);
    add_products(&c, x[own.z + i], low, high);
    add_products(&d, x[own.w + i], low, high);
  }

  if (out >= END) { return; }
  var shift = vec4f();
  if (HAS_BIAS) { shift = bias[out]; }
  put_four(first, lane, out, a, shift);
  put_four(first + 4, lane, out, b, shift);
  put_four(first + 8, lane, out, c, shift);
  put_four(first + 12, lane, out, d, shift);
}

/// Adds the products of four rows of x, of which this thread read one, with four rows of weight: eight numbers of each.
fn add_products(sum: ptr<function, mat4x4f>, v: mat2x4f, low: mat4x4f, high: mat4x4f) {
  (*sum)[0] += v[0] * low + v[1] * high;
  (*sum)[1] += quadSwapX(v[0]) * low + quadSwapX(v[1]) * high;
  (*sum)[2] += quadSwapY(v[0]) * low + quadSwapY(v[1]) * high;
  (*sum)[3] += quadSwapDiagonal(v[0]) * low + quadSwapDiagonal(v[1]) * high;
}

fn put_four(first: u32, lane: u32, out: u32, sum: mat4x4f, shift: vec4f) {
  put(first + lane, out, sum[0] + shift);
  put(first + (lane ^ 1), out, sum[1] + shift);
  put(first + (lane ^ 2), out, sum[2] + shift);
  put(first + (lane ^ 3), out, sum[3] + shift);
}
