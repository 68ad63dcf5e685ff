import { bulk, notify, purge, WorkerCatalogue } from '../lib/workflows';
// samples:start
import { sampleWorkflows } from '../samples/catalogue';
// samples:end

/** Every workflow of this Worker. */
export const catalogue = new WorkerCatalogue([
	// samples:start
	...sampleWorkflows,
	// samples:end
	purge,
	bulk,
	notify
]);
