// A teacher that nothing updates: frozen on purpose.
layer Net(n: int)(x: real[B, 784]) -> logit[B, 10] { x |> Linear(n) |> relu |> Linear(10) }
let teacher = Net(256), student = Net(16)
data mnist = idx("data/mnist", classes: 10) |> scale(image, 1/255)
freeze teacher
train distil on mnist.train {
    batch 64
    step {
        let x = flatten(image)
        let soft = softmax(teacher(x) / 2)
        minimize -mean(sum(soft * log_softmax(student(x) / 2), over: 1)) over student with Adam()
    }
}
