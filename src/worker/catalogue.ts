import { bulk, notify, purge, WorkerCatalogue } from '../lib/workflows';
import { sampleWorkflows } from '../samples/catalogue';

/** Every workflow of this Worker. */
export const catalogue = new WorkerCatalogue([...sampleWorkflows, purge, bulk, notify]);
