// Serves a few additions, so that the way to a model is what is measured: `deployments/bench`. Use: node serving-server.js
import { bundleWithSignature, loadSmallModel } from '../../test/unit/serving/fixture.js';
import { serve } from './serve.js';

await serve(loadSmallModel, { bench: bundleWithSignature() });
