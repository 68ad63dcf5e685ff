import { aisleCount } from './stock-count/aisle-count';
import { catalogImport } from './catalog-import/catalog-import';
import { followUp } from './follow-up/follow-up';
import { linkAudit } from './link-audit/link-audit';
import { refund } from './refund/refund';
import { stockCount } from './stock-count/stock-count';
import { writeOff } from './write-off/write-off';

/** The catalogue entries of the samples. */
export const sampleWorkflows = [
	catalogImport,
	refund,
	linkAudit,
	stockCount,
	aisleCount,
	followUp,
	writeOff
];
