"""What Triton's Python backend serves model.onnx with: the shares of the classes, by ONNX Runtime."""

from pathlib import Path

import numpy
import onnxruntime
import triton_python_backend_utils as backend


class TritonPythonModel:
    def initialize(self, args):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        path = Path(args["model_repository"]) / args["model_version"] / "model.onnx"
        self.session = onnxruntime.InferenceSession(str(path), options)

    def execute(self, requests):
        # Those that were put together are scored together.
        rows = [backend.get_input_tensor_by_name(request, "X").as_numpy() for request in requests]
        together = rows[0] if len(rows) == 1 else numpy.concatenate(rows)
        shares = self.session.run(["probabilities"], {"X": together})[0]
        ends = numpy.cumsum([len(each) for each in rows])[:-1]
        return [
            backend.InferenceResponse([backend.Tensor("probabilities", part)]) for part in numpy.split(shares, ends)
        ]
