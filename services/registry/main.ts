import { runService } from '../mesh/server/run-service.js';
import { registryDefinition } from './definition.js';

await runService(registryDefinition);
