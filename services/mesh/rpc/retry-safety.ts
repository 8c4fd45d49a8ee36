/**
 * Whether a call may be sent again when nobody knows if it was carried out: `read` changes nothing; `request-id` carries an
 * id by which the server knows the repetition (the client fills it in when it is empty); `no` must not be repeated: a
 * stream, or a change whose repetition would be answered differently.
 */
export type RetrySafety = 'read' | 'request-id' | 'no';

/** Every method of the contracts, by service and name. A test compares it with the contracts. */
export const retrySafety: Readonly<Record<string, Readonly<Record<string, RetrySafety>>>> = {
  'tenon.data.v1.DatasetService': {
    UploadDataset: 'no',
    GetDataset: 'read',
    ListDatasets: 'read',
    UpdateDataset: 'no',
    DeleteDataset: 'no',
    GetDatasetVersion: 'read',
    ListDatasetVersions: 'read',
    PreviewDatasetVersion: 'read',
    ReadDatasetVersion: 'no',
    DownloadDatasetVersion: 'no',
    SplitDatasetVersion: 'read',
  },
  'tenon.data.v1.RecipeService': {
    CreateRecipe: 'request-id',
    GetRecipe: 'read',
    ListRecipes: 'read',
    UpdateRecipe: 'no',
    DeleteRecipe: 'no',
    PreviewRecipe: 'read',
  },
  'tenon.training.v1.TrainingService': {
    CreateJob: 'request-id',
    GetJob: 'read',
    ListJobs: 'read',
    WatchJob: 'no',
    CancelJob: 'no',
    DeleteJob: 'no',
    GetEstimator: 'read',
    ListEstimators: 'read',
    OptimizeModel: 'request-id',
    ImportModel: 'request-id',
    ExportModel: 'request-id',
  },
  'tenon.registry.v1.RegistryService': {
    CreateModel: 'request-id',
    GetModel: 'read',
    ListModels: 'read',
    UpdateModel: 'no',
    DeleteModel: 'no',
    CreateModelVersion: 'request-id',
    GetModelVersion: 'read',
    ListModelVersions: 'read',
    DeleteModelVersion: 'no',
    SetAlias: 'request-id',
    PromoteModelVersion: 'request-id',
    RollbackAlias: 'request-id',
    DeleteAlias: 'no',
    WatchModel: 'no',
    ListJournalEntries: 'read',
    UploadArtifact: 'no',
    GetArtifact: 'read',
    DownloadArtifact: 'no',
  },
  'tenon.serving.v1.DeploymentService': {
    CreateDeployment: 'request-id',
    GetDeployment: 'read',
    ListDeployments: 'read',
    UpdateDeployment: 'no',
    DeleteDeployment: 'no',
    WatchDeployment: 'no',
  },
  'tenon.serving.v1.PredictionService': {
    Predict: 'read',
    Explain: 'read',
    GetPartialDependence: 'read',
    GetSignature: 'read',
  },
};

/** grpc's service config: round robin, and retries for the methods that stand them. */
export function serviceConfig(): string {
  const retried = Object.entries(retrySafety).flatMap(([service, methods]) =>
    Object.entries(methods).flatMap(([method, safety]) => (safety === 'no' ? [] : [{ service, method }])),
  );
  return JSON.stringify({
    loadBalancingConfig: [{ round_robin: {} }],
    // One in ten failing calls is retried once these tokens are spent, so that retries cannot multiply an outage.
    retryThrottling: { maxTokens: 100, tokenRatio: 0.1 },
    methodConfig: [
      {
        name: retried,
        retryPolicy: {
          maxAttempts: 4,
          initialBackoff: '0.05s',
          maxBackoff: '0.5s',
          backoffMultiplier: 2,
          retryableStatusCodes: ['UNAVAILABLE'],
        },
      },
    ],
  });
}
