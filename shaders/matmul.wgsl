// y = SCALE · (x·weightᵀ (+ bias)) (+ y), for many rows. A thread makes 8 rows × 8 columns of y in registers: no barrier,
// which is what software drivers are slow at. With rows START … START + ROWS − 1 of weight, these numbers of each row of y
// are made, and the others left alone.

override IN_WIDTH: u32;
override OUT_WIDTH: u32;
override START: u32;
override ROWS: u32;
override HAS_BIAS: bool;
override RESIDUAL: bool;
override SCALE: f32;
override IN_GROUPS: u32 = (IN_WIDTH + 7) / 8;   // of 8 numbers, in a row of x and of weight
override OUT_GROUPS: u32 = (OUT_WIDTH + 7) / 8; // of 8 numbers, in a row of y
override END: u32 = (START + ROWS + 7) / 8;     // group of a row of y after the part's last

struct Step { rows: u32, position: u32, first: u32, padding: u32, table: u32 }

@group(0) @binding(0) var<storage, read> x: array<vec4f>;        // [step.rows, IN_WIDTH]
// @binding(1) weight: [ROWS, IN_WIDTH], read through weight8
@group(0) @binding(2) var<storage, read> bias: array<vec4f>;     // [OUT_WIDTH]
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>;  // [step.rows, OUT_WIDTH]
@group(0) @binding(4) var<uniform> step: Step;

const TALL = 8u; // rows of y, a thread

@compute @workgroup_size(8, 8)
fn matmul(@builtin(global_invocation_id) id: vec3u) {
  let out = START / 8 + id.x; // which 8 columns of y
  let first = id.y * TALL;
  if (out >= END || first >= step.rows) { return; }

  // Rows and columns of y over an edge compute the one beside them again, and are not written; columns after OUT_WIDTH
  // are cleared.
  let left = out * 8 + vec4u(0, 1, 2, 3);
  let right = left + 4;
  let l = clamp(left, vec4u(START), vec4u(START + ROWS - 1)) - START;
  let r = clamp(right, vec4u(START), vec4u(START + ROWS - 1)) - START;

  var sum: array<mat2x4f, TALL>;
  for (var i = 0u; i < IN_GROUPS; i++) {
    let w0 = weight8(l.x, i);
    let w1 = weight8(l.y, i);
    let w2 = weight8(l.z, i);
    let w3 = weight8(l.w, i);
    let w4 = weight8(r.x, i);
    let w5 = weight8(r.y, i);
    let w6 = weight8(r.z, i);
    let w7 = weight8(r.w, i);
    let left_a = mat4x4f(w0[0], w1[0], w2[0], w3[0]);
    let left_b = mat4x4f(w0[1], w1[1], w2[1], w3[1]);
    let right_a = mat4x4f(w4[0], w5[0], w6[0], w7[0]);
    let right_b = mat4x4f(w4[1], w5[1], w6[1], w7[1]);
    for (var k = 0u; k < TALL; k++) {
      let at = (min(first + k, step.rows - 1) * IN_GROUPS + i) * 2;
      let a = x[at];
      let b = x[at + 1];
      sum[k] += mat2x4f(a * left_a + b * left_b, a * right_a + b * right_b);
    }
  }

  for (var k = 0u; k < TALL && first + k < step.rows; k++) {
    var total = sum[k];
    if (HAS_BIAS) { total += mat2x4f(bias[out * 2], bias[out * 2 + 1]); }
    total *= SCALE;
    let to = ((first + k) * OUT_GROUPS + out) * 2;
    let before = mat2x4f(y[to], y[to + 1]);
    if (RESIDUAL) { total += before; }
    y[to] = joined(left, total[0], before[0]);
    y[to + 1] = joined(right, total[1], before[1]);
  }
}

/// What four columns of y become: `made` where they belong to the part, 0 after the last, as they were elsewhere.
fn joined(column: vec4u, made: vec4f, before: vec4f) -> vec4f {
  let others = select(vec4f(), before, column < vec4u(OUT_WIDTH));
  return select(others, made, (column >= vec4u(START)) & (column < vec4u(START + ROWS)));
}
