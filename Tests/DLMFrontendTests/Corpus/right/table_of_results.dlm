// Records in a list, strings with values in them.
let runs = [(name: "small", width: 8), (name: "large", width: 64)]
for r in runs { print "{r.name}: {r.width} units, {r.width * 4 + r.width} weights" }
