// A map on a line whose neighbourhood shrinks.
var map = uniform[10, 2]
for (i, x) in [(0, [0.1, 0.9]), (1, [0.8, 0.2]), (2, [0.5, 0.5])] {
    let best = argmin(sum((map - x)^2, over: 1), over: 0)
    let away = abs(real(positions(10)) - real(best))
    let pull = exp(-away^2 / (2 * (3.0 - i)^2))
    map = map + 0.3 * pull[.., new] * (x - map)
}
print map
