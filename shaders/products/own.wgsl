// Each lane has a row of weight of its own, so that a group of eight has eight under way; what it reads of x it swaps in its
// quad: four units side by side, of which each lane reads one. For drivers that run on a CPU, in groups of eight lanes or
// more: what they are slow at is reading. QUADS is 2.

override UNITS: u32 = IN_GROUPS / UNIT; // in a row
override TURNS: u32 = LANES / 8;        // lanes that take turns with the units of the same row
override EVEN: bool = UNITS % (4 * TURNS) == 0;

/// The row of x that begins at vec4 `row`, normed, times eight rows of weight. To be called in uniform control flow.
fn products(row: u32, first: vec4u, second: vec4u, inside: bool, thread: u32) -> mat2x4f {
  let lane = thread % LANES;
  let four = lane / 4 % 2; // of the rows
  let own = lane % 4;      // of these
  let mine = select(first[own], second[own], four == 1);

  var moments: Moments;
  if (NORM == LAYER) { moments = moments_of(row, lane, LANES, IN_GROUPS, thread); }
  var squares = vec4f();
  var sum = 0.0;
  for (var base = 0u; base < UNITS; base += 4 * TURNS) {
    let unit = base + lane / 8 * 4 + own;
    var v = Numbers(); // cleared by hand: Mesa 25 leaves what the turn before had
    if (EVEN || unit < UNITS) { v = numbers(row, unit, moments, &squares); }
    sum += product(mine, within_row(unit), v);
    v = swapped_x(v);
    sum += product(mine, within_row(unit ^ 1), v);
    v = swapped_y(v);
    sum += product(mine, within_row(unit ^ 3), v);
    v = swapped_x(v);
    sum += product(mine, within_row(unit ^ 2), v);
  }

  var sums = mat2x4f();
  sums[four][own] = sum;
  if (four == 1) { squares = vec4f(); } // the quad before has read the same of x
  return whole(sums, squares, thread);
}

/// Beside a row, its last unit is read again, and multiplied with zeros.
fn within_row(unit: u32) -> u32 { return select(min(unit, UNITS - 1), unit, EVEN); }
