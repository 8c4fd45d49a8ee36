import { runService } from '../mesh/server/run-service.js';
import { dataDefinition } from './definition.js';

await runService(dataDefinition);
