/// Share of the rows whose largest score is that of the label: 0 to 1.
/// Source: definition.
/// ```dlm
/// print accuracy([[0.1, 0.9], [0.8, 0.2]], index([1, 1], 2))
/// //> 0.5
/// ```
fn accuracy(score: real[...S, K], label: index(K)[...S]) -> real {
    mean(real(argmax(score, over: K) == label))
}

/// Share of the rows whose label is among the `k` largest scores: 0 to 1. Classes with one score
/// count as before it.
/// Source: Russakovsky et al. 2014, https://arxiv.org/abs/1409.0575
/// ```dlm
/// print top_accuracy(2, [[0.1, 0.7, 0.2], [0.5, 0.3, 0.2]], index([2, 2], 3))
/// //> 0.5
/// ```
fn top_accuracy(k: int, score: real[...S, K], label: index(K)[...S]) -> real {
    let own = reshape(pick(score, label, over: K), [...S, 1])
    mean(real(sum(real(score > own), over: -1) < k))
}

/// How often each class (row) was taken for each (column): `real[K, K]`, counts.
/// Source: definition.
/// ```dlm
/// print confusion([[0.1, 0.9], [0.8, 0.2], [0.3, 0.7]], index([1, 1, 0], 2))
/// //> [[0, 1],
/// //>  [1, 1]]
/// ```
fn confusion(score: real[B, K], label: index(K)[B]) -> real[K, K] {
    let found = real(argmax(score, over: K)[.., new] == positions(K)[new, ..])
    let wanted = real(one_hot(label))
    wanted.T @ found
}

/// Of each class, the share of what was taken for it that is right; 0 where nothing was.
///
/// `counts: real[K, K]` as `confusion` gives it.
/// Source: van Rijsbergen 1979, Information retrieval.
/// ```dlm
/// print precision_of([[3.0, 1.0], [2.0, 4.0]])
/// //> [0.6, 0.8]
/// ```
fn precision_of(counts: real[K, K]) -> real[K] {
    let all = sum(counts, over: 0)
    diagonal(counts) / maximum(all, 1)
}

/// Of each class, the share of its rows that was found; 0 where it has none.
///
/// `counts: real[K, K]` as `confusion` gives it.
/// Source: van Rijsbergen 1979, Information retrieval.
/// ```dlm
/// print recall_of([[3.0, 1.0], [2.0, 4.0]])
/// //> [0.75, 0.66667]
/// ```
fn recall_of(counts: real[K, K]) -> real[K] {
    let all = sum(counts, over: 1)
    diagonal(counts) / maximum(all, 1)
}

/// Harmonic mean of precision and recall of each class; its mean is the macro average.
///
/// `counts: real[K, K]` as `confusion` gives it.
/// Source: van Rijsbergen 1979, Information retrieval.
/// ```dlm
/// print f1_of([[3.0, 1.0], [2.0, 4.0]])
/// //> [0.66667, 0.72727]
/// ```
fn f1_of(counts: real[K, K]) -> real[K] {
    2 * diagonal(counts) / maximum(sum(counts, over: 0) + sum(counts, over: 1), 1)
}

/// A vector as each of `m` columns of a matrix; its transpose has it as each row.
/// Source: definition.
/// ```dlm
/// print columns_of([1.0, 2.0], 3)
/// //> [[1, 1, 1],
/// //>  [2, 2, 2]]
/// ```
fn columns_of(x: real[N], m: int) -> real[N, m] { x[.., new] @ ones[1, m] }

/// Area under the curve of hits against false alarms: how often a row with target 1 scores above
/// one with 0; ties count half. 0 to 1; it compares all pairs, `B * B` of them.
/// Source: Hanley and McNeil 1982, The meaning and use of the area under a ROC curve.
/// ```dlm
/// print auc([0.1, 0.4, 0.35, 0.8], [0.0, 0.0, 1.0, 1.0])
/// //> 0.75
/// ```
fn auc(score: real[B], target: real[B]) -> real {
    let against = columns_of(target, B), mine = columns_of(score, B)
    let pairs = against * (1 - against.T), d = mine - mine.T
    sum(pairs * (real(d > 0) + 0.5 * real(d == 0))) / sum(pairs)
}

/// Share of the variance of the targets that is explained: 1 at best, 0 for their mean.
/// Source: Wright 1921, Correlation and causation.
/// ```dlm
/// print r2([2.5, 0.0, 2.0, 8.0], [3.0, -0.5, 2.0, 7.0])
/// //> 0.94861
/// ```
fn r2(x: real[B], target: real[B]) -> real {
    1 - sum((target - x)^2) / sum((target - mean(target))^2)
}
