import { aisleCount } from './aisle-count';
import { catalogImport } from './catalog-import';
import { followUp } from './follow-up';
import { linkAudit } from './link-audit';
import { refund } from './refund';
import { stockCount } from './stock-count';
import { writeOff } from './write-off';

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
