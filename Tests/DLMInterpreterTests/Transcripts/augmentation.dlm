// What augmentation makes of images: each result is one of those that it may be.
let x = real(reshape(positions(2 * 1 * 3 * 3), [2, 1, 3, 3])) + 1
let wide = pad(x, 1, over: [2, 3])
repeat 20 {
    // One of the nine parts of the image with a border.
    let cut = random_crop(x, 3, pad: 1)
    for image in 0..<2 {
        var nearest = inf
        for row in 0..<3 {
            for column in 0..<3 {
                nearest = minimum(nearest, max(abs(cut[image, 0] - wide[image, 0, row..<(row + 3), column..<(column + 3)])))
            }
        }
        expect nearest == 0
    }
    // Each as it is or as a mirror shows it.
    let flipped = random_flip(x)
    let same = max(max(max(abs(flipped - x), over: -1), over: -1), over: -1)
    let other = max(max(max(abs(flipped - flip(x, over: -1)), over: -1), over: -1), over: -1)
    expect max(minimum(same, other)) == 0
    // A square of 2 by 2, or what of it lies inside, is 0, and nothing else.
    let holed = random_cutout(x, 2)
    expect max(abs(holed * (holed - x))) == 0
    let sizes = sum(sum(real(holed == 0), over: -1), over: -1)
    expect min(sizes) >= 1
    expect max(sizes) <= 4
    // Shares of both rows, and of both targets.
    let (mixed, goal) = mixup(x, [[1.0, 0.0], [0.0, 1.0]])
    expect sum(goal, over: 1) ~= ones[2]
    expect max(abs(mixed - (goal[.., 0][.., new, new, new] * x[0][new] + goal[.., 1][.., new, new, new] * x[1][new]))) < 1e-4
    expect min(goal) >= 0
}
print max(abs(random_flip(x, p: 1) - flip(x, over: -1))), max(abs(random_flip(x, p: 0) - x))
print max(abs(random_crop(x, 3) - x)), max(abs(random_rotate(x, 0) - x)) < 1e-5
// Mirrors and shares come as often as they should.
let many = random_flip(ones[4000, 1, 1, 2] * [1.0, 2.0], p: 0.25)
print abs(mean(many[.., 0, 0, 0]) - 1.25) < 0.03
let changed = noisy_labels(index(int(zeros[6000]), 3), 0.3)
print abs(mean(real(changed == 1)) - 0.1) < 0.02, abs(mean(real(changed == 0)) - 0.8) < 0.02

//> 0 0
//> 0 true
//> true
//> true true
