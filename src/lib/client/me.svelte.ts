import {
	formatLocalIdentity,
	LOCAL_IDENTITY_COOKIE,
	mayRequest,
	ownSchema,
	refusalAnywhere,
	rolesAnywhere,
	rolesAt,
	runPlace,
	visibleTo,
	type Identity,
	type OwnIdentity,
	type Problem,
	type OperationName,
	type Role,
	type Run
} from '$lib/protocol';
import { getJson } from './http';

const A_YEAR_S = 31_536_000;
/** Problems that say "not you", as opposed to "not now". */
const REFUSALS = [401, 403];
/** How often a page asks whether its person still has their roles, Ms. */
const CHECK_EVERY_MS = 45_000;

/** The same person with the same rights, wherever they are and whenever they have to sign in again. */
function isSamePerson(known: OwnIdentity | undefined, asked: OwnIdentity): boolean {
	const rightsOf = (person: OwnIdentity) => {
		const { sessionEndsAt: _sessionEndsAt, ...rights } = person;
		return JSON.stringify(rights);
	};
	return known !== undefined && rightsOf(known) === rightsOf(asked);
}

/** Who looks at the page, and what they may ask for. */
export class Myself {
	#current = $state.raw<OwnIdentity | undefined>();
	#error = $state.raw<Problem | null>(null);

	/** Undefined until the server has said. */
	get current(): OwnIdentity | undefined {
		return this.#current;
	}

	get ready(): boolean {
		return this.#current !== undefined;
	}

	get error(): Problem | null {
		return this.#error;
	}

	/** The roles that this person has anywhere; none until the server has said. */
	get roles(): readonly Role[] {
		return this.#current ? rolesAnywhere(this.#current) : [];
	}

	/** Does this person see a part of the workspace only? */
	get isLimited(): boolean {
		return this.#current !== undefined && visibleTo(this.#current) !== 'everywhere';
	}

	/** The roles that this person has at a run, or at an approval. */
	rolesAt(at: Pick<Run, 'workflow' | 'agent'>): readonly Role[] {
		return this.#current ? rolesAt(this.#current, runPlace(at)) : [];
	}

	/** Whether the server would let this person ask for it, anywhere at all. */
	may(request: OperationName): boolean {
		return this.#current !== undefined && refusalAnywhere(request, this.#current) === null;
	}

	/** Whether the server would let this person ask for it at this run. */
	mayAt(request: OperationName, at: Pick<Run, 'workflow' | 'agent'>): boolean {
		return mayRequest(request, this.rolesAt(at));
	}

	/** Whether the server refuses this without a reason. */
	needsReason(request: OperationName): boolean {
		return this.#current?.reasonRequired?.some((name) => name === request) ?? false;
	}

	/** Asks the server who this is. */
	async load(): Promise<void> {
		const answer = await getJson('/api/v1/me', ownSchema);
		this.#error = answer.ok ? null : answer.problem;
		if (answer.ok && !isSamePerson(this.#current, answer.value)) this.#current = answer.value;
	}

	/**
	 * Asks the server each {@link CHECK_EVERY_MS} while the page is open, and calls back when this
	 * person has other roles than before or is refused: what is open was opened with the former ones.
	 * Returns what ends it.
	 */
	watchRoles(onChanged: () => void): () => void {
		const check = async () => {
			const before = this.#current;
			await this.load();
			if (before && (this.refused || before !== this.#current)) onChanged();
		};
		const timer = setInterval(() => void check(), CHECK_EVERY_MS);
		return () => clearInterval(timer);
	}

	/** Why the server lets this person in no more; null when it does, or could not be asked. */
	get refused(): Problem | null {
		return this.#error && REFUSALS.includes(this.#error.status) ? this.#error : null;
	}

	/** Asks the server anew whether it refuses this person. */
	async findRefusal(): Promise<Problem | null> {
		await this.load();
		return this.refused;
	}

	/** Becomes another person. Only a local server believes it; sockets must be opened anew after. */
	async become(person: Pick<Identity, 'name' | 'roles' | 'scopedRoles' | 'groups'>): Promise<void> {
		const value = encodeURIComponent(formatLocalIdentity(person));
		document.cookie = `${LOCAL_IDENTITY_COOKIE}=${value}; path=/; max-age=${A_YEAR_S}; samesite=strict`;
		await this.load();
	}
}
