// The Worker's entry: exports every class, and answers requests (handle.ts).
import { OperationsAgent } from '../lib/agent';
import { catalogue } from './catalogue';
import { handleRequest } from './handle';

OperationsAgent.catalogue = catalogue;

export { HistoryReader, OperationsAgent } from '../lib/agent';
export { BulkWorkflow, NotifyWorkflow, PurgeWorkflow } from '../lib/workflows';
// samples:start
export {
	AisleAgent,
	AisleCountWorkflow,
	CatalogImportWorkflow,
	FollowUpWorkflow,
	LinkAuditWorkflow,
	RefundWorkflow,
	StockCountWorkflow,
	StoreAgent,
	WriteOffWorkflow
} from '../samples';
// samples:end

export default {
	fetch: handleRequest
} satisfies ExportedHandler<Env>;
