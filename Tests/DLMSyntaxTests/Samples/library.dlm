layer Conv(out: int, k: ints, stride: ints = 1, pad: ints = 0, groups: int = 1, bias: bool = true)
          (x: real[B, C, ...S]) -> real[B, out, ...((S + 2*pad - k) / stride + 1)]        // one definition for 1-d, 2-d, 3-d
    where C % groups == 0, out % groups == 0,
          S + 2*pad >= k : "Conv(k: {k}) needs every spatial size ≥ {k - 2*pad}, but got {S}"
{
    param w: real[out, C/groups, ...k] = kaiming_uniform(), b: real[out] = uniform(-0.1, 0.1) if bias
    conv(x, w, stride, pad, groups) + (bias ? b : 0) along 1
}
layer BatchNorm(momentum: real = 0.1, eps: real = 1e-5)(x: real[B, C, ...S]) -> real[B, C, ...S] {
    param gain: real[C] = 1, bias: real[C] = 0
    state mean: real[C] = 0, var: real[C] = 1                        // saved with the weights, not trained
    let (m, v) = moments(x, over: all but C)
    when training where B*prod(S) >= 2 { mean = lerp(mean, m, momentum); var = lerp(var, v, momentum) }
    let (mu, s2) = training ? (m, v) : (mean, var)                   // `training` is a phase fixed by train/eval, never a flag to set
    (x - mu along 1) / sqrt(s2 + eps along 1) * gain along 1 + bias along 1
}
