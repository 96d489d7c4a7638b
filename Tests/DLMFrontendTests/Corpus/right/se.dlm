layer SE(r: int = 4)(x: real[B, C, H, W]) -> real[B, C, H, W] where C % r == 0 {
    let s = global_mean(x) |> Linear(C / r) |> relu |> Linear(C) |> sigmoid
    x * s[.., new, new]
}
