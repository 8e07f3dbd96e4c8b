// y[row] = SCALE · weight[ids[row]] (+ positions[step.position + row + OFFSET]).   A thread per 8 numbers.
// With rows START … START + ROWS − 1 of weight, rows of y with other ids are left alone.

override WIDTH: u32;
override START: u32;
override ROWS: u32;
override SCALE: f32;
override LEARNED: bool; // positions are a table
override OFFSET: u32;   // row of that table for position 0
override GROUPS: u32 = (WIDTH + 7) / 8; // of 8 numbers, in a row

struct Step { rows: u32, position: u32, first: u32, padding: u32, table: u32 }

@group(0) @binding(0) var<storage, read> ids: array<u32>;            // [step.rows]
// @binding(1) weight: [ROWS, WIDTH], read through weight8
@group(0) @binding(2) var<storage, read> positions: array<vec4f>;    // [context + OFFSET, WIDTH]
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>;      // [step.rows, WIDTH]
@group(0) @binding(4) var<uniform> step: Step;

@compute @workgroup_size(64)
fn embed(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  let row = id.y;
  let at = ids[row] - START; // far beyond ROWS for an id before START
  if (i >= GROUPS || at >= ROWS) { return; }

  var v = weight8(at, i) * SCALE;
  if (LEARNED) {
    let p = ((step.position + row + OFFSET) * GROUPS + i) * 2;
    v += mat2x4f(positions[p], positions[p + 1]);
  }
  let to = (row * GROUPS + i) * 2;
  y[to] = v[0];
  y[to + 1] = v[1];
}
