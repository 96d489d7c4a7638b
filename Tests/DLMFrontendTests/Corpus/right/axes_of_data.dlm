data mnist = idx("data/mnist", classes: 10) |> scale(image, 1/255)
let head = Linear(10)
train t on mnist.train {
    batch 64
    epochs 1
    minimize cross_entropy(head(mean(image, over: H) |> flatten), label) over head with SGD(lr: 0.1)
}
