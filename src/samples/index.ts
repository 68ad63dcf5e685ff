// A department store: Agents and workflows to try Signalbox with. `npm run remove-samples` deletes them.
export { AisleAgent } from './aisle-agent';
export { AisleCountWorkflow } from './aisle-count';
export { CatalogImportWorkflow } from './catalog-import';
export { FollowUpWorkflow } from './follow-up';
export { LinkAuditWorkflow } from './link-audit';
export { RefundWorkflow } from './refund';
export { StockCountWorkflow } from './stock-count';
export { StoreAgent } from './store-agent';
export { WriteOffWorkflow } from './write-off';
