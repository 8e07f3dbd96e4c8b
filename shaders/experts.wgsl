// What each row's experts make of it: experts' matrices lie behind each other in weight, and routes says which of them,
// e, are for a row, and how much each counts.
//   spread: y[row · ACTIVE + slot] = W_e·x[row] (+ b_e)
//   gather: y[row] = SCALE · Σ_slot weight_slot · (W_e·x[row · ACTIVE + slot] (+ b_e)) (+ y[row])
// As matvec: the lanes of a group stride over the input and make four consecutive numbers of y together. With rows
// START … START + ROWS − 1 of weight, spread makes these numbers and leaves the others alone; gather sums up what these
// add, on top of y unless START is 0.

override IN_WIDTH: u32;
override OUT_WIDTH: u32;
override START: u32;
override ROWS: u32;
override ACTIVE: u32; // experts of a row
override GATHER: bool;
override HAS_BIAS: bool;
override RESIDUAL: bool;
override SCALE: f32;
override PRODUCTS: u32 = select(1u, ACTIVE, GATHER); // that make a row of y
override IN_GROUPS: u32 = (IN_WIDTH + 7) / 8;        // of 8 numbers, in a row of x and of weight
override OUT_STRIDE: u32 = (OUT_WIDTH + 7) / 8 * 2;  // vec4s from row to row of y

// The shapes of x and y are those of spread, then of gather.
@group(0) @binding(0) var<storage, read> x: array<vec4f>;        // [rows, IN_WIDTH], or [rows · ACTIVE, IN_WIDTH]
// @binding(1) weight: [ROWS, IN_WIDTH], read through weight8
@group(0) @binding(2) var<storage, read> bias: array<f32>;       // [experts · OUT_WIDTH]
@group(0) @binding(3) var<storage, read> routes: array<vec2u>;   // [rows, ACTIVE] id, weight (f32 bits)
@group(0) @binding(4) var<storage, read_write> y: array<vec4f>;  // [rows · ACTIVE, OUT_WIDTH], or [rows, OUT_WIDTH]

const THREADS = 64;

@compute @workgroup_size(THREADS)
fn experts(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let lanes = lane_count();
  let lane = thread % lanes;
  let out = (group.z * groups.x + group.x) * (THREADS / lanes) + thread / lanes; // which vec4 of the row of y
  let inside = out < OUT_STRIDE;

  let column = out * 4 + vec4u(0, 1, 2, 3);
  let real = column < vec4u(OUT_WIDTH);
  var sum = vec4f();
  var here = vec4<bool>(); // numbers of y to which rows of the part belong
  for (var product = 0u; product < PRODUCTS; product++) {
    let slot = group.y * PRODUCTS + product; // of all rows' slots
    let route = routes[slot];
    let whole = route.x * OUT_WIDTH + column; // row of the weight in all its parts
    let mine = real & (whole >= vec4u(START)) & (whole < vec4u(START + ROWS));
    let at = clamp(whole, vec4u(START), vec4u(START + ROWS - 1)) - START;
    let row = select(slot / ACTIVE, slot, GATHER) * IN_GROUPS * 2;
    let end = select(0u, IN_GROUPS, any(mine));
    var part = vec4f();
    for (var i = lane; i < end; i += lanes) {
      let w0 = weight8(at.x, i);
      let w1 = weight8(at.y, i);
      let w2 = weight8(at.z, i);
      let w3 = weight8(at.w, i);
      part += x[row + 2 * i] * mat4x4f(w0[0], w1[0], w2[0], w3[0]);
      part += x[row + 2 * i + 1] * mat4x4f(w0[1], w1[1], w2[1], w3[1]);
    }
    if (HAS_BIAS && lane == 0) { part += bias4(START + at); }
    sum += select(vec4f(), select(1, bitcast<f32>(route.y), GATHER) * part, mine);
    here |= mine;
  }
  var total = SCALE * sum_lanes(sum, thread);

  if (inside && lane == 0) {
    let to = group.y * OUT_STRIDE + out;
    let before = y[to];
    if (RESIDUAL || (GATHER && START > 0)) { total += before; }
    let others = select(vec4f(), before, real);
    y[to] = select(others, total, here | (vec4<bool>(GATHER) & real));
  }
}

fn bias4(at: vec4u) -> vec4f { return vec4f(bias[at.x], bias[at.y], bias[at.z], bias[at.w]); }
