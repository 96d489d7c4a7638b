// Parts of variables: counting, a table of values that is learned, a mask, a gradient through a part.
var counts = zeros[5]
for w in [0, 3, 3, 1] { counts[w] = counts[w] + 1 }
print counts

var q = zeros[4, 2]
var s = 0
repeat 12 {
    let a = argmax(q[s], over: 0)
    let next = (s + 1) % 4
    let reward = next == 3 ? 1.0 : 0.0
    q[s, a] += 0.5 * (reward + 0.9 * max(q[next]) - q[s, a])
    s = next
}
print q

var x = [[1.0, -2.0, 3.0], [-4.0, 5.0, -6.0]]
let before = x
x[.., 1] = 0
x[1, 0..<2] = [7.0, 8.0]
x[x < 0] = 9
x[-1] *= 2
print x
print before

var names = ["a", "b", "c"]
names[1] = "z"
print names[0] + names[1] + names[2]

let t = 3.0
var y = [1.0, 2.0]
y[0] = t^2
print grad(sum(y^2), wrt: t)

let k = index(2, 3)
var rows = zeros[3, 2]
rows[k] = [1.0, 2.0]
print rows

//> [1, 1, 0, 2, 0]
//> [[0.10125, 0],
//>  [0.45, 0],
//>  [0.875, 0],
//>  [0.04556, 0]]
//> [[1, 0, 3],
//>  [14, 16, 18]]
//> [[1, -2, 3], [-4, 5, -6]]
//> azc
//> 108
//> [[0, 0],
//>  [0, 0],
//>  [1, 2]]
