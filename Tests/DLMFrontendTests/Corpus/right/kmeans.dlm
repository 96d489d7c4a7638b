// Nearest centre of each point: a new axis in each operand, both lengths written.
let points = uniform[20, 2]
var centers = uniform[3, 2]
repeat 5 {
    let d = sum((points[.., new, ..] - centers[new, .., ..])^2, over: -1)
    let near = argmin(d, over: 1)
    let mine = real(near[.., new] == positions(3)[new, ..])
    centers = (mine.T @ points) / (sum(mine, over: 0)[.., new] + 1e-6)
}
print centers
