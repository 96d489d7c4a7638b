let patterns = [[1.0, -1.0, 1.0], [-1.0, 1.0, 1.0]]
let w = (patterns.T @ patterns) / 2
var s = [1.0, 1.0, 1.0]
repeat 5 { s = sign(w @ s) }
print s
