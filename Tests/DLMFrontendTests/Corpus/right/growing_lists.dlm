// Lists of which only a run knows the length.
var words = ["a"]
var rows = [zeros[2]]
var pairs = [("none", 0.0)]
var n = 0.0
let s = sum(ones[3])
while n < s {
    words = append(words, "b{n}")
    rows = append(rows, n * ones[2])
    pairs = append(pairs, ("some", n))
    n = n + 1
}
print words[3], length(words), rows[1][0]
for w in words { print w }
for (name, height) in pairs { print "{name} {height:1}" }
let table = stack(rows), line = concatenate(rows, over: 0)
print mean(table, over: 0) + rows[2], sum(line)
fn names(k: real) {
    var out = ["x"]
    var i = 0.0
    while i < k {
        out = append(out, "y")
        i = i + 1
    }
    out
}
print names(s)[2]
