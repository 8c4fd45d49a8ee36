// A bare grpc-js server with one method that returns what it gets. Use: node echo-server.js message|bytes
import { Server, ServerCredentials, type ServiceDefinition, type sendUnaryData } from '@grpc/grpc-js';
import { predictionService } from '../../proto/contracts.js';

const { path, requestSerialize, requestDeserialize } = predictionService.Predict;
const pass = (bytes: Buffer): Buffer => bytes;
const asBytes = process.argv[2] === 'bytes';
const server = new Server({ 'grpc.enable_channelz': 0 });
const service = {
  Predict: {
    path,
    requestStream: false,
    responseStream: false,
    requestSerialize: asBytes ? pass : requestSerialize,
    requestDeserialize: asBytes ? pass : requestDeserialize,
    responseSerialize: asBytes ? pass : requestSerialize,
    responseDeserialize: asBytes ? pass : requestDeserialize,
  },
} as ServiceDefinition;

server.addService(service, {
  Predict: ({ request }: { request: unknown }, respond: sendUnaryData<unknown>) => respond(null, request),
});
server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  process.stdout.write(`${JSON.stringify({ address: `127.0.0.1:${port}` })}\n`);
});
process.once('SIGTERM', () => process.exit(0));
