enable f16;

// A workgroup makes 64 rows × 64 columns of y, 32 numbers of IN_WIDTH at a time, which it keeps in workgroup memory as half
// floats; a thread makes 8 × 8 in registers. The products of a stretch of 16 numbers are made and added up as half floats,
// the sums of stretches in f32.
//
// Half floats end at 65504, and below 2^-14 they lose bits. So a row's stretch lies in the tile over a power of two, its
// scale, by which its largest number is from 16 to 32: 16 products of such numbers stay below 2^14, and what is lost is
// below 2^-18 of the largest. Scales are multiplied back in f32.

const SIDE = 16u;    // fours: of rows, and of columns
const STRETCH = 16u; // numbers of a row of x and of weight
const DEEP = 32u;    // the same, at a time
const HALF = 32u;    // threads that fetch x; as many fetch weight

var<workgroup> tile: array<vec4h, 2 * DEEP * SIDE>; // of x, and of weight: [DEEP, SIDE], 4 rows side by side
var<workgroup> scales: array<vec4f, 2 * 2 * SIDE>;  // likewise: [2 stretches, SIDE]

@compute @workgroup_size(8, 8)
fn matmul(@builtin(workgroup_id) id: vec3u, @builtin(local_invocation_id) at: vec3u) {
  let thread = at.y * 8 + at.x;
  let first = id.x * 64;
  let left = START / 4 + id.y * SIDE; // which vec4 of a row of y

  let four = thread % SIDE;
  let stretch = thread / SIDE; // two of x, two of weight
  var rows = rows_from(first + four * 4);
  if (thread >= HALF) { rows = columns_from((left + four) * 4); }

  var a = mat4x4f(); // row of the first four, column of the first four
  var b = mat4x4f(); // columns of the others
  var c = mat4x4f(); // rows of the others
  var d = mat4x4f();
  for (var i = 0u; i < IN_GROUPS; i += DEEP / 8) {
    let n = i + stretch % 2 * (STRETCH / 8);
    var p = array<mat2x4f, 4>(); // 8 numbers of each of the four rows
    var q = array<mat2x4f, 4>(); // the next 8
    if (thread < HALF) {
      for (var k = 0u; k < 4; k++) {
        if (n < IN_GROUPS) { p[k] = x[rows[k] * IN_GROUPS + n]; }
        if (n + 1 < IN_GROUPS) { q[k] = x[rows[k] * IN_GROUPS + n + 1]; }
      }
    } else {
      for (var k = 0u; k < 4; k++) {
        if (n < IN_GROUPS) { p[k] = weight8(rows[k], n); }
        if (n + 1 < IN_GROUPS) { q[k] = weight8(rows[k], n + 1); }
      }
    }
    let most = vec4f(largest(p[0], q[0]), largest(p[1], q[1]), largest(p[2], q[2]), largest(p[3], q[3]));
    let bits = scale_bits(most);
    let inverse = bitcast<vec4f>(vec4u(254 << 23) - bits);
    let to = stretch * STRETCH * SIDE + four;
    fill(to, mat4x4f(p[0][0], p[1][0], p[2][0], p[3][0]), inverse);
    fill(to + 4 * SIDE, mat4x4f(p[0][1], p[1][1], p[2][1], p[3][1]), inverse);
    fill(to + 8 * SIDE, mat4x4f(q[0][0], q[1][0], q[2][0], q[3][0]), inverse);
    fill(to + 12 * SIDE, mat4x4f(q[0][1], q[1][1], q[2][1], q[3][1]), inverse);
    scales[stretch * SIDE + four] = bitcast<vec4f>(bits);
    workgroupBarrier();
    for (var s = 0u; s < 2; s++) {
      var e = mat4x4h(); // of this stretch, what a to d are of all
      var f = mat4x4h();
      var g = mat4x4h();
      var h = mat4x4h();
      for (var k = s * STRETCH; k < (s + 1) * STRETCH; k++) {
        let x0 = tile[k * SIDE + at.y];
        let x1 = tile[k * SIDE + 8 + at.y];
        let w0 = tile[(DEEP + k) * SIDE + at.x];
        let w1 = tile[(DEEP + k) * SIDE + 8 + at.x];
        add_products(&e, x0, w0);
        add_products(&f, x0, w1);
        add_products(&g, x1, w0);
        add_products(&h, x1, w1);
      }
      let x0 = scales[s * SIDE + at.y];
      let x1 = scales[s * SIDE + 8 + at.y];
      let w0 = scales[(2 + s) * SIDE + at.x];
      let w1 = scales[(2 + s) * SIDE + 8 + at.x];
      add_scaled(&a, e, x0, w0);
      add_scaled(&b, f, x0, w1);
      add_scaled(&c, g, x1, w0);
      add_scaled(&d, h, x1, w1);
    }
    workgroupBarrier();
  }

  put_rows(first + 4 * at.y, left + at.x, a);
  put_rows(first + 4 * at.y, left + 8 + at.x, b);
  put_rows(first + 32 + 4 * at.y, left + at.x, c);
  put_rows(first + 32 + 4 * at.y, left + 8 + at.x, d);
}

/// Four numbers of each of four rows, over their scales, into the tile.
fn fill(to: u32, rows: mat4x4f, inverse: vec4f) {
  let deep = transpose(rows);
  tile[to] = vec4h(deep[0] * inverse);
  tile[to + SIDE] = vec4h(deep[1] * inverse);
  tile[to + 2 * SIDE] = vec4h(deep[2] * inverse);
  tile[to + 3 * SIDE] = vec4h(deep[3] * inverse);
}

/// Adds the product of four numbers, one of each row, with four, one of each column. Columns of `sum` are rows of y.
fn add_products(sum: ptr<function, mat4x4h>, rows: vec4h, columns: vec4h) {
  (*sum)[0] += rows.x * columns;
  (*sum)[1] += rows.y * columns;
  (*sum)[2] += rows.z * columns;
  (*sum)[3] += rows.w * columns;
}

/// Adds the sums of a stretch, with the scales that their rows and columns had.
fn add_scaled(sum: ptr<function, mat4x4f>, part: mat4x4h, rows: vec4f, columns: vec4f) {
  (*sum)[0] += rows.x * columns * vec4f(part[0]);
  (*sum)[1] += rows.y * columns * vec4f(part[1]);
  (*sum)[2] += rows.z * columns * vec4f(part[2]);
  (*sum)[3] += rows.w * columns * vec4f(part[3]);
}

/// Bits of the power of two by which `most` is from 16 to 32. Rows of zeros, and of what is no number, have one, too.
fn scale_bits(most: vec4f) -> vec4u {
  return max(bitcast<vec4u>(most) & vec4u(0x7f800000), vec4u(5 << 23)) - (4 << 23);
}
