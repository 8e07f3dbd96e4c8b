// What lanes swap in their quad.
fn swapped_x(v: Numbers) -> Numbers { return Numbers(quadSwapX(v[0]), quadSwapX(v[1])); }
fn swapped_y(v: Numbers) -> Numbers { return Numbers(quadSwapY(v[0]), quadSwapY(v[1])); }
