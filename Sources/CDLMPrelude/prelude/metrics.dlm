/// Share of the rows whose largest score is that of the label: 0 to 1.
/// Source: definition.
/// ```dlm
/// print accuracy([[0.1, 0.9], [0.8, 0.2]], index([1, 1], 2))
/// //> 0.5
/// ```
fn accuracy(score: real[...S, K], label: index(K)[...S]) -> real {
    mean(real(argmax(score, over: K) == label))
}
