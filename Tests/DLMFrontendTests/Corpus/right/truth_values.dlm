// Lists of truth values as masks.
let mask = [true, false, true], x = [1.0, 2.0, 3.0]
print select(mask, x, 0), x * mask, sum([[true, false], [true, true]])
let kept: bool[3] = mask
data d = rows(ok: [true, false], y: [1.0, 2.0])
for (ok, y) in d { print select(ok, y, 0) }
for one in mask { print one ? "yes" : "no" }
var flags = [true]
while length(flags) < 3 { flags = append(flags, false) }
print flags[2], not mask, bool([1, 0])
