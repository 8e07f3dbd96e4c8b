// logits = softcap(SCALE · x·weightᵀ + bias) of the rows from step.first on, where softcap(l) = c·tanh(l / c).
// The lanes of a group stride over the input and make four consecutive logits together. With rows START … START + ROWS − 1
// of weight, these logits are made, and the others left alone.

override WIDTH: u32;
override VOCAB: u32;
override START: u32;
override ROWS: u32;
override SCALE: f32;
override SOFTCAP: f32; // c; 0: none
override HAS_BIAS: bool;
override GROUPS: u32 = (WIDTH + 7) / 8;         // of 8 numbers, in a row of x and of weight
override OUT_STRIDE: u32 = (VOCAB + 7) / 8 * 2; // vec4s from row to row of y
override END: u32 = (START + ROWS + 7) / 8 * 2; // vec4 of a row of y after the part's last

struct Step { rows: u32, position: u32, first: u32, padding: u32, table: u32 }

@group(0) @binding(0) var<storage, read> x: array<vec4f>;        // [step.rows, WIDTH]
// @binding(1) weight: [ROWS, WIDTH], read through weight8
@group(0) @binding(2) var<storage, read> bias: array<vec4f>;     // [VOCAB]
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>;  // [step.rows - step.first, VOCAB]
@group(0) @binding(4) var<uniform> step: Step;

const THREADS = 64;

@compute @workgroup_size(THREADS)
fn logits(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let lanes = lane_count();
  let index = (group.z * groups.x + group.x) * (THREADS / lanes) + thread / lanes;
  let out = START / 4 + index; // which vec4 of the row of y
  let inside = out < END;

  // Columns of y beside the part read its first or last row, and are not written; those after VOCAB are cleared.
  let column = out * 4 + vec4u(0, 1, 2, 3);
  let at = clamp(column, vec4u(START), vec4u(START + ROWS - 1)) - START;
  let row = (step.first + group.y) * GROUPS * 2;
  let end = select(0u, GROUPS, inside);
  var sum = vec4f();
  for (var i = thread % lanes; i < end; i += lanes) {
    let w0 = weight8(at.x, i);
    let w1 = weight8(at.y, i);
    let w2 = weight8(at.z, i);
    let w3 = weight8(at.w, i);
    sum += x[row + 2 * i] * mat4x4f(w0[0], w1[0], w2[0], w3[0]);
    sum += x[row + 2 * i + 1] * mat4x4f(w0[1], w1[1], w2[1], w3[1]);
  }
  var total = SCALE * sum_lanes(sum, thread);

  if (inside && thread % lanes == 0) {
    if (HAS_BIAS) { total += bias[out]; }
    if (SOFTCAP > 0) { total = softcap(total); }
    let to = group.y * OUT_STRIDE + out;
    let others = select(vec4f(), y[to], column < vec4u(VOCAB));
    y[to] = select(others, total, (column >= vec4u(START)) & (column < vec4u(START + ROWS)));
  }
}

/// SOFTCAP · tanh(l / SOFTCAP). The built-in tanh may be inexact, and NaN where e^x overflows; e^-x cannot.
fn softcap(l: vec4f) -> vec4f {
  let e = exp(-2 * abs(l) / SOFTCAP);
  return SOFTCAP * sign(l) * (1 - e) / (1 + e);
}
