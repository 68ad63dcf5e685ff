import { bulk, Catalogue, notify, purge } from '../lib/workflows';
import { sampleWorkflows } from '../samples/catalogue';

/** Every workflow of this Worker. */
export const catalogue = new Catalogue([...sampleWorkflows, purge, bulk, notify]);
