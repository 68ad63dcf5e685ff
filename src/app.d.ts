import type { Me } from '$lib/protocol';

declare global {
	namespace App {
		interface Error {
			message: string;
			/** The page could not be fetched, so that it is not known to be broken. */
			isNotLoaded?: boolean;
		}
		interface Locals {
			/** Who asks; null only where nobody needs to be known. */
			me: Me | null;
		}
		interface Platform {
			env: Env;
		}
	}
}

export {};
