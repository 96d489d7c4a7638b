/// `log(exp(a) + exp(b))`, computed so that nothing overflows.
/// Source: definition.
/// ```dlm
/// print log_add([0.0, 1000.0], [0.0, 0.0])
/// //> [0.69315, 1000]
/// ```
fn log_add(a: real[...S], b: real[...S]) -> real[...S] { maximum(a, b) + log(1 + exp(-abs(a - b))) }

/// Negative logarithm of the probability of a sequence of labels, over all the ways in which it can
/// lie along a longer one, with the blank between labels; divided by the number of labels and
/// averaged over the batch.
///
/// `logp: logprob[B, T, K]`, `label: index(K)[B, L]`. `times: [B]` and `lengths: [B]` say how much
/// of each row counts: all of it if they are missing. No labels are as many blanks as there are
/// times; more labels than times can hold cost about 1e30.
/// Source: Graves et al. 2006, Connectionist temporal classification.
/// ```dlm
/// print ctc(log_softmax(zeros[1, 3, 3]), index([[1, 2]], 3))
/// //> 0.8432
/// ```
loss ctc(
    logp: logprob[B, T, K], label: index(K)[B, L], times: int[B]?, lengths: int[B]?, blank: int = 0
) -> real {
    let never = -1e30
    let finite = maximum(logp, never)
    let own = finite @ rearrange(real(one_hot(label)), [B, L, K] -> [B, K, L])
    let seen = concatenate(own, finite[.., .., blank..<(blank + 1)], over: -1)
    // A label follows the one before without a blank only if it is another.
    let moves = if L == 0 {
        zeros[B, L]
    } else {
        concatenate(zeros[B, 1], real(label[.., 1..<L] != label[.., 0..<(L - 1)]), over: -1)
    }
    let last = if let known = times { real(known)[.., new] } else { T + zeros[B, 1] }
    let edge = never + zeros[B, 1]
    // a: all ways that end in the blank before each label, or behind the last; c: those that end in
    // a label.
    let start = concatenate(zeros[B, 1], never + zeros[B, L], over: -1)
    scan e in seen over T, carry (a, c, t) = (start, never + zeros[B, L], zeros[B, 1]) {
        let isIn = real(t < last)
        let left = concatenate(edge, c, over: -1)
        let before = maximum(left[.., 0..<L] + (moves - 1) * 1e30, never)
        let a2 = maximum(log_add(a, left) + e[.., L..<(L + 1)], never)
        let c2 = maximum(log_add(log_add(c, a[.., 0..<L]), before) + e[.., 0..<L], never)
        a = select(isIn > 0, a2, a)
        c = select(isIn > 0, c2, c)
        t = t + 1
    }
    let whole = log_add(a, concatenate(edge, c, over: -1))
    let counts = if let known = lengths { known } else { index(L, L + 1) + 0 * positions(B) }
    mean(-pick(whole, counts, over: -1) / maximum(real(counts), 1))
}
