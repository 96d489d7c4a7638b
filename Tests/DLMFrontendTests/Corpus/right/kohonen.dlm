var map = uniform[4, 2]
let samples = [[0.1, 0.2], [0.9, 0.8]]
repeat 10 {
    for x in samples {
        let best = argmin(sum((map - x)^2, over: 1), over: 0)
        let near = real(positions(4) == best)[.., new]
        map = map + 0.1 * near * (x - map)
    }
}
print map
