// A department store: Agents and workflows to try Signalbox with. `npm run remove-samples` deletes them.
export { AisleAgent } from './stock-count/aisle-agent';
export { AisleCountWorkflow } from './stock-count/aisle-count';
export { CatalogImportWorkflow } from './catalog-import/catalog-import';
export { FollowUpWorkflow } from './follow-up/follow-up';
export { LinkAuditWorkflow } from './link-audit/link-audit';
export { RefundWorkflow } from './refund/refund';
export { StockCountWorkflow } from './stock-count/stock-count';
export { StoreAgent } from './store-agent';
export { WriteOffWorkflow } from './write-off/write-off';
