import { runService } from '../mesh/server/run-service.js';
import { trainingDefinition } from './definition.js';

await runService(trainingDefinition);
