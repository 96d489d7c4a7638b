// while, two conditions and a bool.
var w = 5.0, turns = 0
var done = false
while not done and turns < 1000 {
    let g = grad((w - 2)^2, wrt: w)
    w = w - 0.1 * g
    turns = turns + 1
    done = abs(g) < 1e-4
}
print turns, w
