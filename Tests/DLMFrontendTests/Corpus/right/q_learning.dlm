// A walk on a line of six places, rewarded at its right end.
var q = zeros[6, 2]
for episode in 0..<100 {
    var at = 0
    while at < 5 {
        let explores = sum(uniform[1]) < 0.2
        let a = explores ? int(2 * sum(uniform[1])) : argmax(q[at])
        let next = int(clamp(at + 2.0 * a - 1, 0, 5))
        let target = (next == 5 ? 1.0 : 0.0) + 0.9 * max(q[next])
        let there = one_hot(index(at, 6))[.., new] * one_hot(index(a, 2))
        q = q + 0.5 * (target - q[at, a]) * there
        at = next
    }
}
print q
