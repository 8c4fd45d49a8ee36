import type { GrpcObject, ServiceClientConstructor, ServiceDefinition } from '@grpc/grpc-js';
import { loadPackageDefinition } from '@grpc/grpc-js';
import type { PackageDefinition } from '@grpc/proto-loader';
import { loadSync } from '@grpc/proto-loader';
import type { DatasetServiceDefinition, RecipeServiceDefinition } from './gen/tenon/data/v1/index.js';
import type { RegistryServiceDefinition } from './gen/tenon/registry/v1/index.js';
import type { DeploymentServiceDefinition, PredictionServiceDefinition } from './gen/tenon/serving/v1/index.js';
import type { TrainingServiceDefinition } from './gen/tenon/training/v1/index.js';
import { protoRoot } from './root.js';

/**
 * Every contract, loaded once. The options decide the shape of messages and must match
 * scripts/gen.mjs: camelCase fields, enums as names, 64-bit integers as numbers (those
 * beyond ±(2^53 - 1) arrive rounded and are refused by validation), bytes as Buffers.
 */
export const packageDefinition: PackageDefinition = loadSync(
  [
    'tenon/data/v1/dataset_service.proto',
    'tenon/training/v1/training_service.proto',
    'tenon/registry/v1/registry_service.proto',
    'tenon/serving/v1/deployment_service.proto',
    'tenon/serving/v1/prediction_service.proto',
    'tenon/common/v1/error_reason.proto',
    'tenon/common/v1/tensor.proto',
    'google/rpc/status.proto',
    'google/rpc/error_details.proto',
  ],
  { includeDirs: [protoRoot], keepCase: false, longs: Number, enums: String, defaults: true, oneofs: true },
);

const loaded = loadPackageDefinition(packageDefinition);

function serviceNamed<Definition>(fullName: string): Definition {
  let node: unknown = loaded;
  for (const part of fullName.split('.')) node = (node as GrpcObject)[part];
  return (node as ServiceClientConstructor).service as ServiceDefinition as Definition;
}

/** `tenon.data.v1.DatasetService`. */
export const datasetService: DatasetServiceDefinition = serviceNamed('tenon.data.v1.DatasetService');
/** `tenon.data.v1.RecipeService`. */
export const recipeService: RecipeServiceDefinition = serviceNamed('tenon.data.v1.RecipeService');
/** `tenon.training.v1.TrainingService`. */
export const trainingService: TrainingServiceDefinition = serviceNamed('tenon.training.v1.TrainingService');
/** `tenon.registry.v1.RegistryService`. */
export const registryService: RegistryServiceDefinition = serviceNamed('tenon.registry.v1.RegistryService');
/** `tenon.serving.v1.DeploymentService`. */
export const deploymentService: DeploymentServiceDefinition = serviceNamed('tenon.serving.v1.DeploymentService');
/** `tenon.serving.v1.PredictionService`. */
export const predictionService: PredictionServiceDefinition = serviceNamed('tenon.serving.v1.PredictionService');
