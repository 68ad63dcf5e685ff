// One handler for each operation of the contract; a missing one does not compile.
import type {
	Answer,
	Identity,
	InputOf,
	OperationName,
	RequestInput,
	ResultOf
} from '../../../protocol';
import type { VisibleFleet } from '../visible-fleet';

/** Where a request came in: over a page's websocket, or over HTTP or RPC. */
export type RequestSource = 'page' | 'api';

/** Who asks, and how a handler makes a request of its own for them, authorized and audited too. */
export type RequestContext = {
	/** With the roles that count where the operation takes place. */
	readonly by: Identity;
	/** What they see, wherever that is: handlers read through this. */
	readonly seen: VisibleFleet;
	readonly source: RequestSource;
	dispatch<N extends OperationName>(request: RequestInput<N>): Promise<Answer<ResultOf<N>>>;
};

/** Carries an operation out. @throws ProblemError why it cannot be done */
export type Handler<N extends OperationName> = (
	input: InputOf<N>,
	context: RequestContext
) => ResultOf<N> | Promise<ResultOf<N>>;

export type Handlers<N extends OperationName = OperationName> = { [K in N]: Handler<K> };
