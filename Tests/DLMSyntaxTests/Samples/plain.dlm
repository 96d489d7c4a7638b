// the perceptron of 1958: a learning rule written by hand, no gradient
var w = zeros[3]
repeat 20 {
    for (x, t) in points {                                   // x: real[2], t: real
        let o = step(dot(w, append(x, 1.0)))
        w = w + 0.1 * (t - o) * append(x, 1.0)
    }
}
plot regions(fn (p) { step(dot(w, append(p, 1.0))) }, over: points) to "perceptron.svg"

// the computation graph of the slide, forwards and backwards, as values and as a picture
let x = 0.3, y = 0.7
let z = 2 * f(x + 3*y) + 6 * g(5*x + y)
print grad(z, wrt: [x, y])
graph z wrt [x, y] to "chain-rule.svg"

// second order: the best step is the Newton step, and the best learning rate comes from the Hessian's eigenvalues
let H = hessian(cost(w), wrt: w)
w = w - solve(H, grad(cost(w), wrt: w))
print 1 / max(eigenvalues(H))

// a state-of-the-art vision model in three lines
use "zoo/vgg.dlm"
let vgg = VGG16(classes: 1000) from "vgg16.safetensors" rename torchvision
print top(5, softmax(vgg(image("cat.jpg") |> imagenet)))
