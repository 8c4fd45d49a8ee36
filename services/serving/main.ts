import { runService } from '../mesh/server/run-service.js';
import { servingDefinition } from './definition.js';

await runService(servingDefinition);
