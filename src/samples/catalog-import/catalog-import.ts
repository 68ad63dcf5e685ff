import { AgentWorkflow, type AgentWorkflowEvent, type AgentWorkflowStep } from 'agents/workflows';
import type { WorkflowStepConfig } from 'cloudflare:workers';
import { NonRetryableError } from 'cloudflare:workflows';
import { z } from 'zod';
import type { StoreAgent } from '../store-agent';
import {
	CATALOG_FORMATS,
	checkRows,
	describeRejections,
	importNeedsApproval,
	readRows,
	toBatches,
	type BadRow,
	type CatalogRow,
	type CheckedRows,
	type Product,
	type RejectionReason
} from './catalog-rows';
import {
	allowedHosts,
	AGENT_CALL,
	defineWorkflow,
	httpUrl,
	messageOf,
	orBadInput,
	plain,
	readParams,
	required
} from '../../lib/workflows';
import { download } from './download';

/** Params travel with the run, and the engine takes 1 MiB of them. */
const MAX_TEXT_BYTES = 1_000_000;

const sourceSchema = z
	.union(
		[
			z
				.strictObject({
					text: z
						.string()
						.min(1, 'must not be empty')
						.refine(
							(text) => new TextEncoder().encode(text).length <= MAX_TEXT_BYTES,
							'must be at most 1,000,000 bytes: give the url of a larger file'
						)
						.meta({ title: 'Text', description: 'The whole file.', format: 'textarea' })
				})
				.meta({ title: 'Text' }),
			z
				.strictObject({
					url: httpUrl.meta({ title: 'Address', description: 'Where to fetch it: up to 10 MB.' })
				})
				.meta({ title: 'Address' })
		],
		{ error: 'must be { "text": "…" } or { "url": "https://…" }' }
	)
	.meta({ title: 'Source', description: 'The file, or where it is.' });

const paramsSchema = z.strictObject({
	source: sourceSchema,
	format: z.enum(CATALOG_FORMATS, required('must be csv or ndjson')).meta({
		title: 'Format',
		description: 'csv with a header line, or one JSON object a line (ndjson).'
	}),
	batchSize: z
		.number('must be a number')
		.int('must be a whole number')
		.min(1, 'must be at least 1')
		.max(5000, 'must be at most 5,000')
		.default(500)
		.meta({ title: 'Batch size', description: 'Rows that are loaded in one step.' })
});
export type CatalogImportParams = z.infer<typeof paramsSchema>;

export const catalogImport = defineWorkflow({
	workflow: 'CATALOG_IMPORT',
	title: 'Import a catalogue',
	description:
		'Reads a file of products, validates each row and loads the valid ones. More than 5 % invalid rows require approval.',
	agentClass: 'StoreAgent',
	agent: 'store-agent/berlin',
	params: paramsSchema,
	example: {
		source: {
			text: [
				'sku,name,price,currency,stock',
				'TEA-0001,Assam Second Flush 100 g,7.90,EUR,120',
				'TEA-0002,Sencha 250 g,12.50,EUR,48',
				'CUP-0001,"Cup, blue glaze",14.00,EUR,36',
				'POT-0001,Cast iron pot 0.8 l,49.00,EUR,9'
			].join('\n')
		},
		format: 'csv',
		batchSize: 500
	},
	subject: ({ format, source }) =>
		`Import ${format.toUpperCase()} from ${'url' in source ? new URL(source.url).host : 'text'}`,
	metadata: ({ format, source }) => ({
		format,
		source: 'url' in source ? new URL(source.url).host : 'text'
	})
});

/** How far an import is. With bad rows it says which, for whoever has to approve. */
export type CatalogProgress = {
	stage: 'extract' | 'transform' | 'load';
	recordsProcessed: number;
	totalRecords: number;
	rejected: number;
	message?: string;
	badRows?: BadRow[];
};

type CatalogResult = { loaded: number; rejected: number; reasons: RejectionReason[] };

const DOWNLOAD = {
	retries: { limit: 4, delay: '2 seconds', backoff: 'exponential' },
	timeout: '2 minutes'
} as const satisfies WorkflowStepConfig;

/**
 * Loads a file of products into a store. Rows are not kept between steps, where a step's value
 * may be 1 MiB only: the text is, and what follows from it is worked out again when needed.
 */
export class CatalogImportWorkflow extends AgentWorkflow<
	StoreAgent,
	CatalogImportParams,
	CatalogProgress
> {
	override async run(event: AgentWorkflowEvent<CatalogImportParams>, step: AgentWorkflowStep) {
		const { source, format, batchSize } = readParams(paramsSchema, event.payload);
		const text = 'text' in source ? source.text : await this.#fetchSource(step, source.url);
		const rows = once(() => readRows(text, format));
		const checked = once(() => checkRows(rows()));

		const totalRecords = await orBadInput(
			step.do('extract-rows', AGENT_CALL, () => this.#extract(rows))
		);
		const { rejected, reasons } = await step.do('check-rows', AGENT_CALL, () =>
			this.#check(checked, totalRecords)
		);
		if (importNeedsApproval(rejected, totalRecords)) {
			await this.waitForApproval(step, { timeout: '7 days' });
		}

		const batches = toBatches(checked().products, batchSize);
		let loaded = 0;
		for (const [index, products] of batches.entries()) {
			loaded += products.length;
			const batch = { batch: index + 1, of: batches.length, loaded };
			await step.do(`load-batch-${batch.batch}`, AGENT_CALL, () =>
				this.#loadBatch(products, batch, { totalRecords, rejected })
			);
		}

		const catalog = await step.do('total-catalog', AGENT_CALL, async () =>
			plain(await this.agent.catalogTotals())
		);
		await step.mergeAgentState({ catalog });
		const result: CatalogResult = { loaded, rejected, reasons };
		await step.reportComplete(result);
		return result;
	}

	/** A file can be larger than a step's value; the engine keeps a stream in pieces. */
	async #fetchSource(step: AgentWorkflowStep, url: string): Promise<string> {
		const body = await orBadInput(
			step.do('fetch-source', DOWNLOAD, () => download(url, allowedHosts(this.env)))
		);
		return new Response(body).text();
	}

	// Progress is reported inside the steps, so that a run that is replayed does not go backwards.

	async #extract(rows: () => CatalogRow[]): Promise<number> {
		const totalRecords = readable(rows).length;
		await this.reportProgress({
			stage: 'extract',
			recordsProcessed: totalRecords,
			totalRecords,
			rejected: 0
		});
		return totalRecords;
	}

	async #check(checked: () => CheckedRows, totalRecords: number) {
		const found = checked();
		const { rejected, reasons, badRows } = found;
		await this.reportProgress({
			stage: 'transform',
			recordsProcessed: totalRecords,
			totalRecords,
			rejected,
			...(rejected > 0 && { message: describeRejections(totalRecords, found), badRows })
		});
		return { rejected, reasons };
	}

	async #loadBatch(
		products: Product[],
		batch: { batch: number; of: number; loaded: number },
		totals: { totalRecords: number; rejected: number }
	) {
		const { loaded } = batch;
		await this.agent.loadProducts(products);
		this.broadcastToClients({ type: 'catalog-batch', workflowId: this.workflowId, ...batch });
		await this.reportProgress({
			stage: 'load',
			recordsProcessed: loaded + totals.rejected,
			...totals
		});
		return { loaded };
	}
}

function once<T>(make: () => T): () => T {
	let made: { value: T } | undefined;
	return () => (made ??= { value: make() }).value;
}

/** A file that cannot be read at all stays unreadable, however often it is tried. */
function readable(rows: () => CatalogRow[]): CatalogRow[] {
	try {
		return rows();
	} catch (error) {
		throw new NonRetryableError(messageOf(error));
	}
}
