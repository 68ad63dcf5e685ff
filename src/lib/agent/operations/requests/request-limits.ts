import { operationOf, type Identity, type OperationName, type Problem } from '../../../protocol';
import { RateLimit, ratesOf } from '../../clients/rate-limit';

/** Reads that go through all that is stored cost so many of the others. */
const COSTS: Partial<Record<OperationName, number>> = {
	'runs.export': 50,
	'audit.export': 50,
	'purge.export': 50,
	'purge.preview': 5,
	'audit.verify': 50
};

/** How many requests one person may make, wherever they come in. */
export class RequestLimits {
	readonly #changes: RateLimit;
	readonly #reads: RateLimit;

	constructor(env: object) {
		const { changes, reads } = ratesOf(env);
		this.#changes = new RateLimit(changes);
		this.#reads = new RateLimit(reads);
	}

	/** Counts a request. Returns why it is refused, or null. */
	count(name: OperationName, { subject }: Identity): Problem | null {
		const limit = operationOf(name).changes ? this.#changes : this.#reads;
		return limit.take(subject, Date.now(), COSTS[name]);
	}
}
