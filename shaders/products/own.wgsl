// Each of a group's eight lanes has a row of weight of its own; what it reads of x it swaps in its quad: four units side by
// side, of which each lane reads one. For drivers that run on a CPU: what they are slow at is reading, and adding across
// lanes. QUADS is 2.

override UNITS: u32 = IN_GROUPS / UNIT; // in a row
override EVEN: bool = UNITS % 4 == 0;

/// The row of x that begins at vec4 `row`, normed, times eight rows of weight. To be called in uniform control flow.
fn products(row: u32, first: vec4u, second: vec4u, inside: bool, thread: u32) -> mat2x4f {
  let lane = thread % 8;
  let own = lane % 4; // of the quad
  let mine = select(first[own], second[own], lane >= 4);

  var moments: Moments;
  if (NORM == LAYER) { moments = moments_of(row, lane, 8, IN_GROUPS, thread); }
  var squares = vec4f();
  var sum = 0.0;
  for (var base = 0u; base < UNITS; base += 4) {
    let unit = base + own;
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
  if (NORM == RMS) {
    if (lane >= 4) { squares = vec4f(); } // the other quad has read the same of x
    sum *= rms_factor(squares, thread);
  }
  return mat2x4f(
    subgroupBroadcast(sum, 0), subgroupBroadcast(sum, 1), subgroupBroadcast(sum, 2), subgroupBroadcast(sum, 3),
    subgroupBroadcast(sum, 4), subgroupBroadcast(sum, 5), subgroupBroadcast(sum, 6), subgroupBroadcast(sum, 7));
}

/// Beside a row, its last unit is read again, and multiplied with zeros.
fn within_row(unit: u32) -> u32 { return select(min(unit, UNITS - 1), unit, EVEN); }
