"""What MLServer serves an ONNX model with: the shares of the classes, by ONNX Runtime."""

import onnxruntime
from mlserver import MLModel
from mlserver.codecs import NumpyCodec
from mlserver.types import InferenceRequest, InferenceResponse


class OnnxModel(MLModel):
    async def load(self) -> bool:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(self.settings.parameters.uri, options)
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        rows = NumpyCodec.decode_input(payload.inputs[0])
        shares = self.session.run(["probabilities"], {"X": rows})[0]
        output = NumpyCodec.encode_output(name="probabilities", payload=shares)
        return InferenceResponse(model_name=self.name, model_version=self.version, outputs=[output])
