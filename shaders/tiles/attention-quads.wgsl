enable subgroups;

// What a thread shares it swaps in its quad, as in matmul-quads.wgsl: each of four threads reads a quarter of the queries.

var<workgroup> tile: array<vec4f, TALL * THREADS>; // [TALL, KEYS]: scores, then weights; in the end [TALL, THREADS]: sums

@compute @workgroup_size(THREADS)
fn attention(@builtin(workgroup_id) id: vec3u, @builtin(local_invocation_index) thread: u32) {
  let lane = thread & 3; // of the quad
  let kv_head = id.y;
  let pairs = step.rows * SHARED; // of a row and one of the heads that share kv_head: a query each
  let first = id.x * TALL;
  begin(first, kv_head, thread);

  // Over an edge the last query, key or dims are taken again: such keys get no weight, such sums are not stored.
  let pair = min(first + lane + vec2u(0, 4), vec2u(pairs - 1));
  let own = (pair / SHARED * HEADS + kv_head * SHARED + pair % SHARED) * QUARTERS;
  let end = step.position + (min(first + TALL, pairs) - 1) / SHARED + 1;
  let dims = min(thread, QUARTERS - 1);
  var a: mat4x4f; // column n: 4 dims of query lane ^ n of the first four
  var b: mat4x4f; // of the others
  for (var base = begin_of(first / SHARED); base < end; base += 4 * KEYS) {
    let at = rows_of(base + 4 * min(thread, KEYS - 1), end, kv_head);
    var c = mat4x4f(); // likewise scores; cleared by hand: Mesa 25 leaves what the turn before had
    var d = mat4x4f();
    for (var i = 0u; i < QUARTERS; i++) {
      let k = mat4x4f(key4(at.x + i), key4(at.y + i), key4(at.z + i), key4(at.w + i));
      add_products(&c, q[own.x + i], k);
      add_products(&d, q[own.y + i], k);
    }
    if (thread < KEYS) {
      put_four(thread, KEYS, lane, c);
      put_four(thread + 4 * KEYS, KEYS, lane, d);
    }
    workgroupBarrier();

    let count = min(4 * KEYS, end - base);
    for (var n = thread; n < TALL; n += THREADS) { weigh(n, min(first + n, pairs - 1), kv_head, base, count); }
    workgroupBarrier();

    let fades = vec2f(fade[lane], fade[lane + 4]);
    let x_fades = quadSwapX(fades);
    let y_fades = quadSwapY(fades);
    let diagonal_fades = quadSwapDiagonal(fades);
    a = faded(a, vec4f(fades.x, x_fades.x, y_fades.x, diagonal_fades.x));
    b = faded(b, vec4f(fades.y, x_fades.y, y_fades.y, diagonal_fades.y));
    for (var i = 0u; 4 * i < count; i++) {
      let at = rows_of(base + 4 * i, end, kv_head) + dims;
      let v = transpose(mat4x4f(value4(at.x), value4(at.y), value4(at.z), value4(at.w)));
      add_products(&a, tile[lane * KEYS + i], v);
      add_products(&b, tile[(lane + 4) * KEYS + i], v);
    }
    workgroupBarrier();
  }

  put_four(thread, THREADS, lane, a);
  put_four(thread + 4 * THREADS, THREADS, lane, b);
  workgroupBarrier();
  for (var n = 0u; n < TALL && first + n < pairs; n++) {
    let pair = first + n;
    let head = kv_head * SHARED + pair % SHARED;
    let row = pair / SHARED * STRIDE;
    let scale = select(0, 1 / total[n], total[n] > 0);
    for (var i = thread; i < HEAD_DIM; i += THREADS) {
      y[row + head * HEAD_DIM + i] = scale * tile[n * THREADS + i / 4][i % 4];
    }
    if (head == HEADS - 1) {
      for (var i = HEADS * HEAD_DIM + thread; i < STRIDE; i += THREADS) { y[row + i] = 0; }
    }
  }
}

/// Adds the products of four rows of four numbers, of which this thread has one, with four columns.
fn add_products(sum: ptr<function, mat4x4f>, v: vec4f, columns: mat4x4f) {
  (*sum)[0] += v * columns;
  (*sum)[1] += quadSwapX(v) * columns;
  (*sum)[2] += quadSwapY(v) * columns;
  (*sum)[3] += quadSwapDiagonal(v) * columns;
}

/// Four rows of the tile, `stride` apart.
fn put_four(at: u32, stride: u32, lane: u32, sum: mat4x4f) {
  tile[at + lane * stride] = sum[0];
  tile[at + (lane ^ 1) * stride] = sum[1];
  tile[at + (lane ^ 2) * stride] = sum[2];
  tile[at + (lane ^ 3) * stride] = sum[3];
}

fn faded(sum: mat4x4f, fades: vec4f) -> mat4x4f {
  return mat4x4f(sum[0] * fades.x, sum[1] * fades.y, sum[2] * fades.z, sum[3] * fades.w);
}
