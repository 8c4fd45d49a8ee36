"""Products of matrices in 8 bits, sums in 32: gemm_int8.py torch|onnx THREADS REPETITIONS MxNxK ...

torch is PyTorch's torch._int_mm (oneDNN), onnx is ONNX Runtime's MatMulInteger. Prints JSON: seconds
of each repetition and the sum of the product's magnitudes by shape."""

import json
import sys
import time

import numpy


def with_torch(threads):
    import torch

    torch.set_num_threads(threads)

    def product(a, b):
        left, right = torch.from_numpy(a), torch.from_numpy(b)
        out = torch.empty((a.shape[0], b.shape[1]), dtype=torch.int32)

        def multiply():
            torch._int_mm(left, right, out=out)
            return out.numpy()

        return multiply

    return "PyTorch", torch.__version__, product


def with_onnx(threads):
    import onnxruntime
    from onnx import TensorProto, helper

    def product(a, b):
        (m, k), n = a.shape, b.shape[1]
        inputs = [helper.make_tensor_value_info(name, TensorProto.INT8, shape) for name, shape in (("a", (m, k)), ("b", (k, n)))]
        output = helper.make_tensor_value_info("c", TensorProto.INT32, (m, n))
        graph = helper.make_graph([helper.make_node("MatMulInteger", ["a", "b"], ["c"])], "product", inputs, [output])
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
        model.ir_version = 8
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
        binding = session.io_binding()
        binding.bind_cpu_input("a", a)
        binding.bind_cpu_input("b", b)
        out = numpy.empty((m, n), dtype=numpy.int32)
        binding.bind_output("c", "cpu", 0, numpy.int32, out.shape, out.ctypes.data)

        def multiply():
            session.run_with_iobinding(binding)
            return out

        return multiply

    return "ONNX Runtime", onnxruntime.__version__, product


def main():
    library, threads, repetitions, *shapes = sys.argv[1:]
    peer, version, product = {"torch": with_torch, "onnx": with_onnx}[library](int(threads))
    results = {}
    for shape in shapes:
        m, n, k = map(int, shape.split("x"))
        a = ((numpy.arange(m * k, dtype=numpy.int64) * 7 % 255) - 127).astype(numpy.int8).reshape(m, k)
        b = ((numpy.arange(k * n, dtype=numpy.int64) * 5 % 251) - 125).astype(numpy.int8).reshape(k, n)
        multiply = product(a, b)
        seconds = []
        for _ in range(int(repetitions) + 2):
            start = time.perf_counter()
            c = multiply()
            seconds.append(time.perf_counter() - start)
        results[shape] = {"seconds": seconds[2:], "check": float(numpy.abs(c.astype(numpy.int64)).sum())}
    print(json.dumps({"peer": peer, "version": version, "shapes": results}))


main()
