layer Inception(a: int, b: int, c: int)(x: real[B, C, H, W]) -> real[B, a + b + c, H, W] {
    let p = x |> Conv(a, k: 1)
    let q = x |> Conv(b, k: 1) |> relu |> Conv(b, k: 3, pad: 1)
    let r = x |> Conv(c, k: 1) |> relu |> Conv(c, k: 5, pad: 2)
    concatenate(p, q, r, over: 1)
}
