import { loadModel } from '../../native/estimators/load-model.js';
import { servingDefinitionWith } from './definition-with.js';

/** The serving service: deployments and predictions. */
export const servingDefinition = servingDefinitionWith(loadModel);
