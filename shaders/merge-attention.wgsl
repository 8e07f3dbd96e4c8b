// What the splits of decode_attention add up to: y = Σ e^(largest − all) · sum / Σ e^(largest − all) · total, over the splits
// of a head, where `all` is the largest of theirs. A thread makes a number of y.

override HEADS: u32;
override HEAD_DIM: u32;
override WINDOW: u32; // keys that a row sees; 0: all
override SPLIT_KEYS: u32;
override MOST_SPLITS: u32;
override STRIDE: u32 = (HEADS * HEAD_DIM + 7) / 8 * 8;  // numbers in a row of y
override PARTIAL: u32 = (HEAD_DIM + 7) / 8 * 8 + 2;     // numbers from head to head of a split

struct Step { rows: u32, position: u32, first: u32, padding: u32, table: u32 }

@group(0) @binding(0) var<storage, read> partials: array<f32>;   // [splits, HEADS, PARTIAL]: sums, largest, total
@group(0) @binding(1) var<storage, read_write> y: array<f32>;    // [HEADS, HEAD_DIM]
@group(0) @binding(2) var<uniform> step: Step;

@compute @workgroup_size(64)
fn merge_attention(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= STRIDE) { return; }
  let at = min(id.x / HEAD_DIM, HEADS - 1) * PARTIAL;
  let scalars = at + PARTIAL - 2;
  let keys = step.position + 1 - step.padding;
  let seen = select(keys, min(keys, WINDOW), WINDOW > 0);
  let splits = min(MOST_SPLITS, (seen + SPLIT_KEYS - 1) / SPLIT_KEYS);

  var all = partials[scalars];
  for (var split = 1u; split < splits; split++) { all = max(all, partials[split * HEADS * PARTIAL + scalars]); }
  var sum = 0.0;
  var total = 0.0;
  for (var split = 0u; split < splits; split++) {
    let first = split * HEADS * PARTIAL;
    let fade = exp(partials[first + scalars] - all);
    sum += fade * partials[first + at + id.x % HEAD_DIM];
    total += fade * partials[first + scalars + 1];
  }
  y[id.x] = select(0, sum / total, id.x < HEADS * HEAD_DIM);
}
