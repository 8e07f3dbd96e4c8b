// What iq4_nl and iq4_xs share: 16 levels, which lie closer around zero.

/// The levels of four bytes from 0 to 15: -127 -104 -83 -65, -49 -35 -22 -10, 1 13 25 38, 53 69 89 113. The polynomial comes
/// within 0.44 of each, so that rounding gives it exactly: less work than a table, which takes a shift for each number.
fn level(packed: u32) -> vec4f {
  let q = bytes(packed);
  return round((((0.00158604 * q + 0.0310864) * q - 1.37193) * q + 24.1738) * q - 126.567);
}
