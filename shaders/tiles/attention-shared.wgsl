// Queries lie in workgroup memory, where all threads read them.

var<workgroup> queries: array<vec4f, TALL * QUARTERS>; // [TALL, HEAD_DIM]
var<workgroup> tile: array<vec4f, TALL * KEYS>;        // [TALL, KEYS]: scores, then weights

@compute @workgroup_size(THREADS)
fn attention(@builtin(workgroup_id) id: vec3u, @builtin(local_invocation_index) thread: u32) {
  let kv_head = id.y;
  let pairs = step.rows * SHARED; // of a row and one of the heads that share kv_head: a query each
  let first = id.x * TALL;
  begin(first, kv_head, thread);

  // Over an edge the last query, key or dims are taken again: such keys get no weight, such sums are not stored.
  for (var i = thread; i < TALL * QUARTERS; i += THREADS) {
    let pair = min(first + i / QUARTERS, pairs - 1);
    queries[i] = q[(pair / SHARED * HEADS + kv_head * SHARED + pair % SHARED) * QUARTERS + i % QUARTERS];
  }
  workgroupBarrier();

  let end = step.position + (min(first + TALL, pairs) - 1) / SHARED + 1;
  let dims = min(thread, QUARTERS - 1);
  var a = mat4x4f(); // column n: 4 dims of query n
  var b = mat4x4f(); // of query 4 + n
  for (var base = begin_of(first / SHARED); base < end; base += 4 * KEYS) {
    let at = rows_of(base + 4 * min(thread, KEYS - 1), end, kv_head);
    var c = mat4x4f(); // likewise scores
    var d = mat4x4f();
    if (thread < KEYS) {
      for (var i = 0u; i < QUARTERS; i++) {
        let k = mat4x4f(key4(at.x + i), key4(at.y + i), key4(at.z + i), key4(at.w + i));
        for (var n = 0u; n < 4; n++) {
          c[n] += queries[n * QUARTERS + i] * k;
          d[n] += queries[(4 + n) * QUARTERS + i] * k;
        }
      }
      for (var n = 0u; n < 4; n++) {
        tile[n * KEYS + thread] = c[n];
        tile[(4 + n) * KEYS + thread] = d[n];
      }
    }
    workgroupBarrier();

    let count = min(4 * KEYS, end - base);
    for (var n = thread; n < TALL; n += THREADS) { weigh(n, min(first + n, pairs - 1), kv_head, base, count); }
    workgroupBarrier();

    for (var n = 0u; n < 4; n++) {
      a[n] *= fade[n];
      b[n] *= fade[4 + n];
    }
    for (var i = 0u; 4 * i < count; i++) {
      let at = rows_of(base + 4 * i, end, kv_head) + dims;
      let v = transpose(mat4x4f(value4(at.x), value4(at.y), value4(at.z), value4(at.w)));
      for (var n = 0u; n < 4; n++) {
        a[n] += tile[n * KEYS + i] * v;
        b[n] += tile[(4 + n) * KEYS + i] * v;
      }
    }
    workgroupBarrier();
  }

  for (var n = 0u; n < 4; n++) {
    put(first + n, pairs, kv_head, thread, a[n], total[n]);
    put(first + 4 + n, pairs, kv_head, thread, b[n], total[4 + n]);
  }
}

/// Stores 4 dims of what a query attends to, and clears what pads its row.
fn put(pair: u32, pairs: u32, kv_head: u32, thread: u32, sum: vec4f, all: f32) {
  if (pair >= pairs) { return; }
  let head = kv_head * SHARED + pair % SHARED;
  let row = pair / SHARED * STRIDE;
  let scale = select(0, 1 / all, all > 0);
  for (var i = 0u; i < 4 && 4 * thread + i < HEAD_DIM; i++) { y[row + head * HEAD_DIM + 4 * thread + i] = scale * sum[i]; }
  if (head == HEADS - 1) {
    for (var i = HEADS * HEAD_DIM + thread; i < STRIDE; i += THREADS) { y[row + i] = 0; }
  }
}
