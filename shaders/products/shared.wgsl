// The lanes of a group stride over the rows together, each with every so many units of all of them.

/// The row of x that begins at vec4 `row`, normed, times eight rows of weight, or the first four where QUADS is 1. Zeros
/// where not `inside`. To be called in uniform control flow.
fn products(row: u32, first: vec4u, second: vec4u, inside: bool, thread: u32) -> mat2x4f {
  let lanes = lane_count();
  let lane = thread % lanes;
  let end = select(0u, IN_GROUPS, inside);
  var moments: Moments;
  if (NORM == LAYER) { moments = moments_of(row, lane, lanes, end, thread); }
  var squares = vec4f();
  var sums = mat2x4f();
  for (var unit = lane; unit < end / UNIT; unit += lanes) {
    let v = numbers(row, unit, moments, &squares);
    sums[0] += vec4f(
      product(first.x, unit, v), product(first.y, unit, v), product(first.z, unit, v), product(first.w, unit, v));
    if (QUADS == 2) {
      sums[1] += vec4f(
        product(second.x, unit, v), product(second.y, unit, v), product(second.z, unit, v), product(second.w, unit, v));
    }
  }
  sums[0] = sum_lanes(sums[0], thread);
  if (QUADS == 2) { sums[1] = sum_lanes(sums[1], thread); }
  if (NORM == RMS) { sums *= rms_factor(squares, thread); }
  return sums;
}
