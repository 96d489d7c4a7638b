// Pictures of files, and how they are made as large as a model wants them.
let cat = image("../Tests/DLMDataTests/Golden/colours.png")
print cat[.., 3, 4], image("../Tests/DLMDataTests/Golden/grey.png", channels: 1)[0, 3, 4]
print sum(real(cat), over: [1, 2])
// As torch.nn.functional.interpolate(antialias=True): [1.7143, 3.9412, 4.3571]
print resampled([0.0, 2.0, 4.0, 6.0, 1.0, 3.0, 8.0], 3)
// As it is without: [0.0000, 0.5000, 1.5000, 2.0000]
print resampled([0.0, 2.0], 4)
print mean(imagenet(cat), over: [0, 2, 3])

//> [120, 150, 135] 144
//> [3150, 3500, 6825]
//> [1.71429, 3.94118, 4.35714]
//> [0, 0.5, 1.5, 2]
//> [-0.57668, -0.28501, 1.59425]
