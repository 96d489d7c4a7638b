/// How many words a model is in doubt between: e to the power of its mean loss in nats.
/// Source: Jelinek et al. 1977, Perplexity: a measure of the difficulty of speech recognition
/// tasks.
/// ```dlm
/// print perplexity(cross_entropy(zeros[2, 10], index([3, 7], 10)))
/// //> 10
/// ```
fn perplexity(loss: real) -> real { exp(loss) }

/// The least number of insertions, deletions and replacements that make one sequence of whole
/// numbers another.
///
/// Lists or vectors, whose numbers must be known: for evaluation, not for training.
/// Source: Levenshtein 1965, Binary codes capable of correcting deletions, insertions and
/// reversals.
/// ```dlm
/// print edits([1, 2, 3, 4], [1, 3, 5, 4])
/// //> 2
/// ```
fn edits(a: int[N], b: int[M]) -> real {
    var row = real(positions(M + 1))
    for i in 0..<N {
        let change = row[0..<M] + real(b != a[i]), drop = row[1..<(M + 1)] + 1
        let best = minimum(change, drop)
        // An insertion costs one more than its left neighbour: a running minimum of best - place.
        var next = [i + 1.0], left = row[0] + 1
        for j in 0..<M {
            left = minimum(left + 1, best[j])
            next = append(next, left)
        }
        row = next
    }
    row[M]
}

/// Edits that make what was heard what was said, for each word that was said.
/// Source: Levenshtein 1965; Klakow and Peters 2002, Testing the correlation of word error rate and
/// perplexity.
/// ```dlm
/// print word_error_rate([1, 2, 3, 4], [1, 3, 5, 4])
/// //> 0.5
/// ```
fn word_error_rate(heard: int[N], said: int[M]) -> real { edits(heard, said) / M }

/// Agreement of a translation with one reference in runs of one to `most` words, with a penalty for
/// being short:
/// 0 to 1.
///
/// Both are lists or vectors of the numbers of words.
/// Source: Papineni et al. 2002, BLEU: a method for automatic evaluation of machine translation.
/// ```dlm
/// print bleu([1, 2, 3, 4, 5], [1, 2, 3, 4, 6])
/// //> 0.66874
/// ```
fn bleu(found: int[N], wanted: int[M], most: int = 4) -> real where N >= most, M >= most {
    var logs = 0.0
    repeat n in 1..(most) {
        let (right, all) = matching_runs(found, wanted, n)
        logs = logs + log(right / all) / most
    }
    exp(minimum(0, 1 - M / N) + logs)
}

/// How many runs of `n` words of one sequence another has too, each at most as often, and how many
/// there are:
/// `(right, all)`, from `int[N]` and `int[M]`.
/// Source: Papineni et al. 2002, BLEU: a method for automatic evaluation of machine translation.
/// ```dlm
/// print matching_runs([1, 2, 1, 2], [1, 2, 3, 4], 2)
/// //> (1, 3)
/// ```
fn matching_runs(found: int[N], wanted: int[M], n: int) {
    let a = N - n + 1, b = M - n + 1
    var inside = ones[a, a], across = ones[a, b]
    repeat i in 0..<n {
        let own = real(found[i..<(i + a)]), other = real(wanted[i..<(i + b)])
        inside = inside * real(columns_of(own, a) == columns_of(own, a).T)
        across = across * real(columns_of(own, b) == columns_of(other, a).T)
    }
    // Of a run that is here c times and there d, min(c, d) count: each of its places a share of
    // that.
    let here = sum(inside, over: 1), there = sum(across, over: 1)
    (sum(minimum(here, there) / here), a)
}
