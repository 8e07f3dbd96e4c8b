// y = SCALE · (x·weightᵀ (+ bias)) (+ y), for the few rows of a decode step. The lanes of a group stride over the input
// and make four consecutive numbers of y together. With rows START … START + ROWS − 1 of weight, these numbers of each
// row of y are made, and the others left alone.

override IN_WIDTH: u32;
override OUT_WIDTH: u32;
override START: u32;
override ROWS: u32;
override HAS_BIAS: bool;
override RESIDUAL: bool;
override SCALE: f32;
override IN_GROUPS: u32 = (IN_WIDTH + 7) / 8;       // of 8 numbers, in a row of x and of weight
override OUT_STRIDE: u32 = (OUT_WIDTH + 7) / 8 * 2; // vec4s from row to row of y
override END: u32 = (START + ROWS + 7) / 8 * 2;     // vec4 of a row of y after the part's last

@group(0) @binding(0) var<storage, read> x: array<vec4f>;        // [rows, IN_WIDTH]
// @binding(1) weight: [ROWS, IN_WIDTH], read through weight8
@group(0) @binding(2) var<storage, read> bias: array<vec4f>;     // [OUT_WIDTH]
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>;  // [rows, OUT_WIDTH]

const THREADS = 64;

@compute @workgroup_size(THREADS)
fn matvec(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let lanes = lane_count();
  let index = (group.z * groups.x + group.x) * (THREADS / lanes) + thread / lanes;
  let out = START / 4 + index; // which vec4 of the row of y
  let inside = out < END;

  // Columns of y beside the part read its first or last row, and are not written; those after OUT_WIDTH are cleared.
  let column = out * 4 + vec4u(0, 1, 2, 3);
  let at = clamp(column, vec4u(START), vec4u(START + ROWS - 1)) - START;
  let row = group.y * IN_GROUPS * 2;
  let end = select(0u, IN_GROUPS, inside);
  var sum = vec4f();
  for (var i = thread % lanes; i < end; i += lanes) {
    let w0 = weight8(at.x, i);
    let w1 = weight8(at.y, i);
    let w2 = weight8(at.z, i);
    let w3 = weight8(at.w, i);
    sum += x[row + 2 * i] * mat4x4f(w0[0], w1[0], w2[0], w3[0]);
    sum += x[row + 2 * i + 1] * mat4x4f(w0[1], w1[1], w2[1], w3[1]);
  }
  var total = sum_lanes(sum, thread);

  if (inside && thread % lanes == 0) {
    if (HAS_BIAS) { total += bias[out]; }
    total *= SCALE;
    let to = group.y * OUT_STRIDE + out;
    let before = y[to];
    if (RESIDUAL) { total += before; }
    let others = select(vec4f(), before, column < vec4u(OUT_WIDTH));
    y[to] = select(others, total, (column >= vec4u(START)) & (column < vec4u(START + ROWS)));
  }
}
