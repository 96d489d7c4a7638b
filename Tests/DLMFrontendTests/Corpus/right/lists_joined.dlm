// Lists and places of them, as tensors have them.
let a = [1.0, 2.0], b = [3.0]
let all = concatenate([a, b], over: 0)
let row = a[new], column = a[.., new], same = a[new, ..]
print all, sum(row @ column), same
plot scatter([[0.0, 1.0], [1.0, 0.0]]) to "points.svg"
plot scatter([[0.0, 1.0], [1.0, 0.0]], [0, 1]), histogram(all, name: "all") to "groups.svg"
let half = int([7.0, 8.0]) div 2
print half
