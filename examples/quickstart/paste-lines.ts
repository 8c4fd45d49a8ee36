/** The penguin of the examples, as a JSON object. */
export const examplePenguin = {
  island: 'Biscoe',
  bill_length_mm: 46.1,
  bill_depth_mm: 13.2,
  flipper_length_mm: 211,
  body_mass_g: 4500,
  sex: null,
};

/** The grpcurl line and the Python lines that predict one penguin at an address. */
export function pasteLines(address: string): string {
  const request = JSON.stringify({ deployment: 'deployments/penguins', records: [examplePenguin] });
  return `With grpcurl:
  grpcurl -plaintext -max-time 5 -d '${request}' \\
    ${address} tenon.serving.v1.PredictionService/Predict

With Python:
  python3 -m pip install grpcio grpcio-tools googleapis-common-protos
  mkdir -p client && (cd proto && python3 -m grpc_tools.protoc -I . --python_out=../client \\
    --grpc_python_out=../client $(find tenon -name '*.proto'))
  PYTHONPATH=client python3 examples/python/predict.py ${address}`;
}
