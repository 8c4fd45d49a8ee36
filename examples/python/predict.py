"""Predicts one penguin from Python.

Once:  python3 -m pip install grpcio grpcio-tools googleapis-common-protos
       mkdir -p client && cd proto && python3 -m grpc_tools.protoc -I . \
         --python_out=../client --grpc_python_out=../client $(find tenon -name '*.proto')
Then:  PYTHONPATH=client python3 examples/python/predict.py 127.0.0.1:7404
"""

import sys

import grpc
from tenon.serving.v1 import prediction_service_pb2 as messages
from tenon.serving.v1 import prediction_service_pb2_grpc as services

address = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:7404"
request = messages.PredictRequest(deployment="deployments/penguins")
request.records.add().update({
    "island": "Biscoe",
    "bill_length_mm": 46.1,
    "bill_depth_mm": 13.2,
    "flipper_length_mm": 211,
    "body_mass_g": 4500,
    "sex": None,
})

with grpc.insecure_channel(address) as channel:
    reply = services.PredictionServiceStub(channel).Predict(request, timeout=5)

for prediction in reply.predictions:
    shares = ", ".join(f"{name} {share:.2f}" for name, share in zip(reply.classes, prediction.probabilities))
    print(f"{prediction.value.string_value} ({shares}) by {reply.model_version}")
