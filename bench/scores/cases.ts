/** An estimator beside the one of scikit-learn that does the same. */
export interface ScoreCase {
  /** For people: the estimator, and what sets it apart from its other cases. */
  readonly name: string;
  readonly estimator: string;
  readonly task: 'classification' | 'regression' | 'clustering';
  /** Parameters that differ from our defaults. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The class in scikit-learn. */
  readonly peer: string;
  /** Parameters that differ from its defaults; `alpha_per_row` is its alpha divided by the number of rows. */
  readonly peerParameters: Readonly<Record<string, unknown>>;
  /** Whether features are standardized first. */
  readonly standardize: boolean;
  /** How many seeds a table's fold is scored with, of which the mean counts: what is drawn at random differs on the two sides. */
  readonly seeds: number;
  /** What both sides are given instead on images, where the above would take minutes. */
  readonly onImages?: Readonly<Record<'parameters' | 'peerParameters', Readonly<Record<string, unknown>>>>;
}

const forest = { task: 'classification', standardize: false, parameters: {}, peerParameters: {}, seeds: 3 } as const;
const scaled = { task: 'classification', standardize: true, parameters: {}, peerParameters: {}, seeds: 1 } as const;
const plain = { ...scaled, standardize: false } as const;
const regression = { task: 'regression' } as const;

// reg_lambda and l2_regularization differ by default, and stopping early is the peer's default with many rows.
const boosted = { parameters: {}, peerParameters: { l2_regularization: 1, early_stopping: false } };
// scikit-learn divides alpha by the rows of a batch, which are 200.
const network = { seeds: 2, peerParameters: { alpha: 0.02 } };
const fewRounds = {
  parameters: { n_estimators: 20 },
  peerParameters: { ...boosted.peerParameters, max_iter: 20 },
};
const fewEpochs = {
  parameters: { max_iter: 20 },
  peerParameters: { ...network.peerParameters, max_iter: 20 },
};
const strongPenalty = { parameters: { C: 0.001 }, peerParameters: { C: 0.001, max_iter: 1000 } };
const weakMargin = { parameters: { C: 0.001 }, peerParameters: { C: 0.001, dual: true } };

/** Every estimator of the catalogue, for each task that it takes. */
export const scoreCases: readonly ScoreCase[] = [
  { ...forest, name: 'random-forest', estimator: 'random-forest', peer: 'RandomForestClassifier' },
  { ...forest, name: 'extra-trees', estimator: 'extra-trees', peer: 'ExtraTreesClassifier' },
  {
    ...plain,
    ...boosted,
    name: 'gradient-boosting',
    estimator: 'gradient-boosting',
    peer: 'HistGradientBoostingClassifier',
    onImages: fewRounds,
  },
  {
    ...scaled,
    name: 'logistic-regression',
    estimator: 'logistic-regression',
    peer: 'LogisticRegression',
    peerParameters: { max_iter: 1000 },
    onImages: strongPenalty,
  },
  {
    ...scaled,
    name: 'linear-svm',
    estimator: 'linear-svm',
    peer: 'LinearSVC',
    peerParameters: { dual: true, max_iter: 10_000 },
    onImages: weakMargin,
  },
  {
    ...scaled,
    name: 'linear-svm, plain loss',
    estimator: 'linear-svm',
    peer: 'LinearSVC',
    parameters: { loss: 'plain' },
    peerParameters: { dual: true, loss: 'hinge', max_iter: 10_000 },
    onImages: {
      parameters: { ...weakMargin.parameters, loss: 'plain' },
      peerParameters: { ...weakMargin.peerParameters, loss: 'hinge' },
    },
  },
  { ...scaled, name: 'k-nearest-neighbors', estimator: 'k-nearest-neighbors', peer: 'KNeighborsClassifier' },
  { ...plain, name: 'gaussian-naive-bayes', estimator: 'gaussian-naive-bayes', peer: 'GaussianNB' },
  { ...plain, name: 'multinomial-naive-bayes', estimator: 'multinomial-naive-bayes', peer: 'MultinomialNB' },
  {
    ...scaled,
    ...network,
    name: 'neural-network',
    estimator: 'neural-network',
    peer: 'MLPClassifier',
    onImages: fewEpochs,
  },
  { ...plain, ...regression, name: 'linear-regression', estimator: 'linear-regression', peer: 'LinearRegression' },
  {
    ...scaled,
    ...regression,
    name: 'linear-regression, l2',
    estimator: 'linear-regression',
    peer: 'Ridge',
    parameters: { penalty: 'l2', alpha: 0.01 },
    peerParameters: { alpha_per_row: 0.01 },
  },
  {
    ...scaled,
    ...regression,
    name: 'linear-regression, l1',
    estimator: 'linear-regression',
    peer: 'Lasso',
    parameters: { penalty: 'l1', alpha: 0.02 },
    peerParameters: { alpha: 0.02 },
  },
  {
    ...scaled,
    ...regression,
    name: 'linear-regression, elasticnet',
    estimator: 'linear-regression',
    peer: 'ElasticNet',
    parameters: { penalty: 'elasticnet', alpha: 0.02, l1_ratio: 0.3 },
    peerParameters: { alpha: 0.02, l1_ratio: 0.3 },
  },
  {
    ...scaled,
    ...regression,
    name: 'linear-svm',
    estimator: 'linear-svm',
    peer: 'LinearSVR',
    peerParameters: { loss: 'squared_epsilon_insensitive', dual: true, max_iter: 10_000 },
  },
  {
    ...scaled,
    ...regression,
    name: 'linear-svm, plain loss',
    estimator: 'linear-svm',
    peer: 'LinearSVR',
    parameters: { loss: 'plain' },
    peerParameters: { dual: true, max_iter: 10_000 },
  },
  {
    ...scaled,
    ...regression,
    name: 'k-nearest-neighbors',
    estimator: 'k-nearest-neighbors',
    peer: 'KNeighborsRegressor',
  },
  { ...forest, ...regression, name: 'random-forest', estimator: 'random-forest', peer: 'RandomForestRegressor' },
  { ...forest, ...regression, name: 'extra-trees', estimator: 'extra-trees', peer: 'ExtraTreesRegressor' },
  {
    ...plain,
    ...regression,
    ...boosted,
    name: 'gradient-boosting',
    estimator: 'gradient-boosting',
    peer: 'HistGradientBoostingRegressor',
  },
  { ...scaled, ...regression, ...network, name: 'neural-network', estimator: 'neural-network', peer: 'MLPRegressor' },
  {
    ...scaled,
    name: 'k-means',
    estimator: 'k-means',
    task: 'clustering',
    peer: 'KMeans',
    parameters: { n_clusters: 10, n_init: 3 },
    peerParameters: { n_clusters: 10, n_init: 3 },
    seeds: 3,
  },
];
