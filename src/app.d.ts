import type { Me } from '$lib/protocol';

declare global {
	namespace App {
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
