// The Worker's entry: finds out who asks, then routes. Everything but /api/v1/health is closed to
// those it does not know.
import { routeAgentRequest } from 'agents';
import svelteKit from '../../.svelte-kit/cloudflare/_worker.js';
import { OperationsAgent } from '../lib/agent';
import { encodeIdentity, IDENTITY_HEADER, problem } from '../lib/protocol';
import { catalogue } from './catalogue';
import { foreignOrigin, originOf, signIn } from './identity';
import { refusalResponse } from './refusal';

OperationsAgent.catalogue = catalogue;

export { HistoryReader, OperationsAgent } from '../lib/agent';
export { BulkWorkflow, NotifyWorkflow, PurgeWorkflow } from '../lib/workflows';
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

export default {
	async fetch(request, env, ctx) {
		const url = new URL(request.url);
		const { pathname } = url;
		// A connection is not named by its client: it could be taken for another's, and a page that
		// is back before its former socket is closed would lose what it looks at with that one. That
		// it brings a name at all stays known: such a client speaks the SDK's own protocol.
		if (url.searchParams.has('_pk')) url.searchParams.set('_pk', crypto.randomUUID());
		const known = new Request(url, request);
		known.headers.delete(IDENTITY_HEADER);
		if (pathname === '/api/v1/health') return svelteKit.fetch(known, env, ctx);
		const foreign = foreignOrigin(request);
		if (foreign) return refusalResponse(request, foreign);
		const signed = await signIn(request, env, ctx);
		if (!signed.ok) return refusalResponse(request, signed.problem);
		const me = { ...signed.identity, local: signed.local, from: originOf(request) };
		known.headers.set(IDENTITY_HEADER, encodeIdentity(me));
		if (!pathname.startsWith('/agents/')) return svelteKit.fetch(known, env, ctx);
		return (
			(await routeAgentRequest(known, env)) ??
			refusalResponse(request, problem('not-found', `There is no Agent at ${pathname}.`))
		);
	}
} satisfies ExportedHandler<Env>;
