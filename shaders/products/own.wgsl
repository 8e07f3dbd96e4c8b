// Each lane has one or two rows of weight of its own, so that a group has eight under way; what it reads of x it swaps in its
// quad: four units side by side, of which each lane reads one. For drivers that run on a CPU: what they are slow at is reading.
// QUADS is 2.

override UNITS: u32 = IN_GROUPS / UNIT;         // in a row
override BOTH: bool = LANES == 4;               // a lane has a row of the first four, and one of the others
override TURNS: u32 = select(LANES / 8, 1u, BOTH); // lanes that take turns with the units of the same rows
override EVEN: bool = UNITS % (4 * TURNS) == 0;

/// The row of x that begins at vec4 `row`, normed, times eight rows of weight. To be called in uniform control flow.
fn products(row: u32, first: vec4u, second: vec4u, inside: bool, thread: u32) -> mat2x4f {
  let lane = thread % LANES;
  let own = lane % 4;  // of the quad
  let four = select(lane / 4 % 2, 0u, BOTH); // of the rows
  var rows = vec2u(first[own], second[own]);
  if (four == 1) { rows.x = rows.y; }

  var moments: Moments;
  if (NORM == LAYER) { moments = moments_of(row, lane, LANES, IN_GROUPS, thread); }
  var squares = vec4f();
  var sum = vec2f();
  for (var base = 0u; base < UNITS; base += 4 * TURNS) {
    let unit = base + lane / 8 * 4 + own;
    var v = Numbers(); // cleared by hand: Mesa 25 leaves what the turn before had
    if (EVEN || unit < UNITS) { v = numbers(row, unit, moments, &squares); }
    add_products(&sum, rows, unit, v);
    v = swapped_x(v);
    add_products(&sum, rows, unit ^ 1, v);
    v = swapped_y(v);
    add_products(&sum, rows, unit ^ 3, v);
    v = swapped_x(v);
    add_products(&sum, rows, unit ^ 2, v);
  }

  var sums = mat2x4f();
  sums[four][own] = sum.x;
  if (BOTH) { sums[1][own] = sum.y; }
  if (four == 1) { squares = vec4f(); } // the quad before has read the same of x
  return whole(sums, squares, thread);
}

/// Beside a row, its last unit is read again, and multiplied with zeros.
fn add_products(sum: ptr<function, vec2f>, rows: vec2u, unit: u32, v: Numbers) {
  let at = select(min(unit, UNITS - 1), unit, EVEN);
  (*sum).x += product(rows.x, at, v);
  if (BOTH) { (*sum).y += product(rows.y, at, v); }
}
